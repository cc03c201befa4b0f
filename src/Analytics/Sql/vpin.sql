-- VPIN, the volume-synchronised probability of informed trading (Easley, López de Prado and O'Hara, 2012): a UTC day's volume is cut into buckets of
-- equal size, and the imbalance of aggressors is averaged over some of them. The aggressor is known, not guessed. A trade belongs to the bucket in which it
-- begins, whole, so that buckets differ by a trade's size.
--
-- param buckets integer = 50: How many buckets a symbol's day is cut into.
-- param window integer = 50: Over how many buckets, up to this one, it is averaged.
--
-- column symbol VARCHAR: The symbol.
-- column run_id VARCHAR: The run; empty for foreign producers.
-- column start TIMESTAMP: The first trade of the bucket.
-- column last TIMESTAMP: The last trade of the bucket.
-- column vpin DECIMAL(18,9): From 0 to 1.
-- column bought BIGINT: The bucket's volume of buying aggressors.
-- column sold BIGINT: The bucket's volume of selling aggressors.
-- column trades BIGINT: How many there are in the bucket.
WITH dated AS (
    SELECT symbol, run_id, ts_event, sequence, trade_id, price, size, side, ts_event - (ts_event % 86400000000000 + 86400000000000) % 86400000000000 AS day
    FROM {trades}
    WHERE side IN ('A', 'B')
), summed AS (
    SELECT symbol, run_id, day, ts_event, size, side,
        sum(size) OVER (PARTITION BY symbol, run_id, day) AS total,
        sum(size) OVER (PARTITION BY symbol, run_id, day ORDER BY ts_event, sequence, trade_id, price, size ROWS UNBOUNDED PRECEDING) AS reached
    FROM dated
), cut AS (
    SELECT symbol, run_id, day, ts_event, size, side, {quotient CAST(reached - size AS {wide}) * {buckets} / total} AS bucket
    FROM summed
), buckets AS (
    SELECT symbol, run_id, day, bucket, min(ts_event) AS first_event, max(ts_event) AS last_event, count(*) AS trades,
        CAST(sum(CASE side WHEN 'B' THEN size ELSE 0 END) AS BIGINT) AS bought, CAST(sum(CASE side WHEN 'A' THEN size ELSE 0 END) AS BIGINT) AS sold
    FROM cut
    GROUP BY symbol, run_id, day, bucket
), windows AS (
    SELECT symbol, run_id, day, bucket, first_event, last_event, trades, bought, sold,
        sum(abs(bought - sold)) OVER (PARTITION BY symbol, run_id ORDER BY day, bucket ROWS BETWEEN {window} - 1 PRECEDING AND CURRENT ROW) AS apart,
        sum(bought + sold) OVER (PARTITION BY symbol, run_id ORDER BY day, bucket ROWS BETWEEN {window} - 1 PRECEDING AND CURRENT ROW) AS volume
    FROM buckets
)
SELECT symbol, run_id, {time first_event} AS start, {time last_event} AS "last", {ratio apart / volume} AS vpin, bought, sold, trades
FROM windows
ORDER BY symbol, run_id, day, bucket
