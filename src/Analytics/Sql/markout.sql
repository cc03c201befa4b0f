-- What trades were worth a little later: how far the mid price has moved in the aggressor's favour some time after the trade, weighted with sizes. The mid
-- before is that of the trade itself, the one after that of the last quote up to then. Trades without an aggressor, or without a mid price at either
-- time, do not count.
--
-- param horizon interval = 1s: How much later.
--
-- column symbol VARCHAR: The symbol.
-- column run_id VARCHAR: The run; empty for foreign producers.
-- column side VARCHAR: The aggressor: B bought, A sold.
-- column markout DECIMAL(18,9): The average move; positive where the aggressor was right.
-- column markout_bps DECIMAL(18,9): The average of move by mid price, in basis points.
-- column volume BIGINT: The sum of the sizes.
-- column trades BIGINT: How many there are.
WITH events AS (
    SELECT symbol, run_id, ts_event AS due, 0 AS is_trade, sequence, CAST(bid_px AS DECIMAL(38,9)) AS bid, CAST(ask_px AS DECIMAL(38,9)) AS ask, 'Q' AS side, 0 AS size
    FROM {quotes}
    UNION ALL
    SELECT symbol, run_id, ts_event + {horizon}, 1, sequence, CAST(bid_px AS DECIMAL(38,9)), CAST(ask_px AS DECIMAL(38,9)), side, size
    FROM {trades}
    WHERE side IN ('A', 'B') AND bid_px IS NOT NULL AND ask_px IS NOT NULL
), counted AS (
    SELECT symbol, run_id, is_trade, side, size, bid + ask AS twice_mid,
        sum(1 - is_trade) OVER (PARTITION BY symbol, run_id ORDER BY due, is_trade, sequence, bid, ask, side, size ROWS UNBOUNDED PRECEDING) AS quote
    FROM events
), matched AS (
    SELECT symbol, run_id, is_trade, side, size, twice_mid, max(CASE is_trade WHEN 0 THEN twice_mid END) OVER (PARTITION BY symbol, run_id, quote) AS later
    FROM counted
), moves AS (
    SELECT symbol, run_id, side, size, CASE side WHEN 'B' THEN later - twice_mid ELSE twice_mid - later END AS twice_move, twice_mid
    FROM matched
    WHERE is_trade = 1 AND later IS NOT NULL
), priced AS (
    SELECT symbol, run_id, side, size, twice_move, CAST({ratio 10000 * twice_move / twice_mid} AS DECIMAL(38,9)) AS bps
    FROM moves
)
SELECT symbol, run_id, side,
    {ratio sum(twice_move * size) / 2 * sum(size)} AS markout,
    {ratio sum(bps * size) / sum(size)} AS markout_bps,
    CAST(sum(size) AS BIGINT) AS volume,
    count(*) AS trades
FROM priced
GROUP BY symbol, run_id, side
ORDER BY symbol, run_id, side
