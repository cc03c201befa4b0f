-- The effective spread: twice what an aggressor paid beyond the mid price that stood before the trade, weighted with sizes. Trades without an aggressor, or
-- without both sides before them, do not count.
--
-- param interval interval = 1h: The length of an interval, counted from 1970-01-01 00:00 UTC.
--
-- column symbol VARCHAR: The symbol.
-- column run_id VARCHAR: The run; empty for foreign producers.
-- column start TIMESTAMP: When the interval begins.
-- column effective DECIMAL(18,9): The average effective spread.
-- column effective_bps DECIMAL(18,9): The average of effective spread by mid price, in basis points.
-- column quoted DECIMAL(18,9): The average quoted spread before those trades.
-- column volume BIGINT: The sum of their sizes.
-- column trades BIGINT: How many there are.
WITH signed AS (
    SELECT symbol, run_id, size, ts_event - (ts_event % {interval} + {interval}) % {interval} AS bucket, CASE side WHEN 'B' THEN 1 ELSE -1 END AS direction,
        CAST(price AS DECIMAL(38,9)) AS price, CAST(bid_px AS DECIMAL(38,9)) AS bid, CAST(ask_px AS DECIMAL(38,9)) AS ask
    FROM {trades}
    WHERE side IN ('A', 'B') AND bid_px IS NOT NULL AND ask_px IS NOT NULL
), spreads AS (
    SELECT symbol, run_id, bucket, size, ask - bid AS quoted, direction * (2 * price - bid - ask) AS effective,
        CAST({ratio 20000 * direction * (2 * price - bid - ask) / bid + ask} AS DECIMAL(38,9)) AS bps
    FROM signed
)
SELECT symbol, run_id, {time bucket} AS start,
    {ratio sum(effective * size) / sum(size)} AS effective,
    {ratio sum(bps * size) / sum(size)} AS effective_bps,
    {ratio sum(quoted * size) / sum(size)} AS quoted,
    CAST(sum(size) AS BIGINT) AS volume,
    count(*) AS trades
FROM spreads
GROUP BY symbol, run_id, bucket
ORDER BY symbol, run_id, bucket
