-- Suspected spoofing, as far as the best levels show it: again and again an uncommonly large size at the best bid (ask) that is gone soon, hardly executed, while or
-- shortly after aggressors bought (sold), as it suggests. A level is one episode while it stays the best price and its size does not change to less than half or more
-- than double in one step. One such episode is a large order that somebody took back; several that follow one another, on either side, are one row.
--
-- param factor number = 5: How many times the average of the episodes before it the size must be.
-- param window integer = 200: How many episodes before it are averaged.
-- param within interval = 5s: How long the size stands at most, and how long after it was gone trades count.
-- param executed number = 0.05: Up to what part of it may have been executed.
-- param apart interval = 30s: How far apart two of them may begin to be of one row.
-- param episodes integer = 4: How many a row has at least.
--
-- column symbol VARCHAR: The symbol.
-- column run_id VARCHAR: The run; empty for foreign producers.
-- column began TIMESTAMP: When the first size was shown.
-- column began_event BIGINT: The same in nanoseconds since 1970-01-01 UTC.
-- column ended TIMESTAMP: When the last was gone.
-- column ended_event BIGINT: The same in nanoseconds since 1970-01-01 UTC.
-- column bids BIGINT: How many episodes there were at the best bid.
-- column asks BIGINT: How many at the best ask.
-- column size BIGINT: The largest size that stood there.
-- column usual DECIMAL(18,9): The largest of the averages of the episodes before.
-- column executed BIGINT: What was traded against the sizes.
-- column opposite BIGINT: What aggressors bought (for bids) or sold (for asks) meanwhile and shortly after; trades that are near two episodes count for both.
WITH sides AS (
    SELECT symbol, run_id, ts_event, sequence, 'bid' AS side, bid_px AS price, bid_sz AS size, bid_px AS rank FROM {quotes}
    UNION ALL
    SELECT symbol, run_id, ts_event, sequence, 'ask', ask_px, ask_sz, -ask_px FROM {quotes}
), ordered AS (
    SELECT symbol, run_id, ts_event, side, price, size, rank,
        row_number() OVER (PARTITION BY symbol, run_id, side ORDER BY ts_event, sequence, price, size) AS n
    FROM sides
), steps AS (
    SELECT symbol, run_id, ts_event, side, price, size, rank, n,
        lag(price) OVER (PARTITION BY symbol, run_id, side ORDER BY n) AS price_before,
        lag(size) OVER (PARTITION BY symbol, run_id, side ORDER BY n) AS size_before
    FROM ordered
), numbered AS (
    SELECT symbol, run_id, ts_event, side, price, size, rank, n,
        sum(CASE WHEN price = price_before AND 2 * size >= size_before AND size <= 2 * size_before THEN 0 ELSE 1 END)
            OVER (PARTITION BY symbol, run_id, side ORDER BY n ROWS UNBOUNDED PRECEDING) AS episode
    FROM steps
), episodes AS (
    SELECT symbol, run_id, side, episode, min(price) AS price, min(rank) AS rank, max(size) AS size, min_by(size, n) AS first_size, min(ts_event) AS shown
    FROM numbered
    GROUP BY symbol, run_id, side, episode
), neighbours AS (
    SELECT symbol, run_id, side, episode, price, rank, size, shown,
        lead(shown) OVER (PARTITION BY symbol, run_id, side ORDER BY episode) AS gone,
        lead(rank) OVER (PARTITION BY symbol, run_id, side ORDER BY episode) AS next_rank,
        lead(first_size) OVER (PARTITION BY symbol, run_id, side ORDER BY episode) AS next_size,
        sum(size) OVER (PARTITION BY symbol, run_id, side ORDER BY episode ROWS BETWEEN {window} PRECEDING AND 1 PRECEDING) AS sum_before,
        count(size) OVER (PARTITION BY symbol, run_id, side ORDER BY episode ROWS BETWEEN {window} PRECEDING AND 1 PRECEDING) AS count_before
    FROM episodes
), large AS (
    SELECT symbol, run_id, side, episode, price, size, shown, gone, {ratio sum_before / count_before} AS usual
    FROM neighbours
    WHERE CAST(size AS DECIMAL(38,9)) * count_before >= {factor} * CAST(sum_before AS DECIMAL(28,0)) AND gone - shown <= {within}
        AND (next_rank IS NULL OR next_rank < rank OR (next_rank = rank AND next_size < size))
), traded AS (
    SELECT l.symbol, l.run_id, l.side, l.episode, l.price, l.size, l.usual, l.shown, l.gone,
        coalesce(sum(CASE WHEN t.side = CASE l.side WHEN 'bid' THEN 'A' ELSE 'B' END AND t.price = l.price AND t.ts_event <= l.gone THEN t.size END), 0) AS executed,
        coalesce(sum(CASE WHEN t.side = CASE l.side WHEN 'bid' THEN 'B' ELSE 'A' END THEN t.size END), 0) AS opposite
    FROM large l
    JOIN {trades} t ON t.symbol = l.symbol AND t.run_id = l.run_id AND t.ts_event >= l.shown AND t.ts_event <= l.gone + {within}
    GROUP BY l.symbol, l.run_id, l.side, l.episode, l.price, l.size, l.usual, l.shown, l.gone
), suspected AS (
    SELECT symbol, run_id, side, episode, shown, gone, size, usual, executed, opposite,
        CASE WHEN shown - lag(shown) OVER (PARTITION BY symbol, run_id ORDER BY shown, side, episode) <= {apart} THEN 0 ELSE 1 END AS begins
    FROM traded
    WHERE opposite > 0 AND executed <= {executed} * CAST(size AS DECIMAL(19,0))
), numbered_bouts AS (
    SELECT symbol, run_id, side, shown, gone, size, usual, executed, opposite,
        sum(begins) OVER (PARTITION BY symbol, run_id ORDER BY shown, side, episode ROWS UNBOUNDED PRECEDING) AS bout
    FROM suspected
), bouts AS (
    SELECT symbol, run_id, bout, min(shown) AS began, max(gone) AS ended, count(*) AS episodes, sum(CASE side WHEN 'bid' THEN 1 ELSE 0 END) AS bids,
        max(size) AS size, max(usual) AS usual, sum(executed) AS executed, sum(opposite) AS opposite
    FROM numbered_bouts
    GROUP BY symbol, run_id, bout
)
SELECT symbol, run_id, {time began} AS began, began AS began_event, {time ended} AS ended, ended AS ended_event,
    CAST(bids AS BIGINT) AS bids, CAST(episodes - bids AS BIGINT) AS asks, size, usual, CAST(executed AS BIGINT) AS executed, CAST(opposite AS BIGINT) AS opposite
FROM bouts
WHERE episodes >= {episodes}
ORDER BY symbol, run_id, bout
