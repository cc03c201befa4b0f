-- Implementation shortfall: what a side's aggressors paid on average in an interval, against the mid price that stood before the first of their trades. Trades
-- without an aggressor, or without both sides before them, do not count.
--
-- param interval interval = 1h: The length of an interval, counted from 1970-01-01 00:00 UTC.
-- param aggressor text = *: The class of trader, such as institution, where the data say it (simulations do); * for all.
--
-- column symbol VARCHAR: The symbol.
-- column run_id VARCHAR: The run; empty for foreign producers.
-- column start TIMESTAMP: When the interval begins.
-- column side VARCHAR: The aggressor: B bought, A sold.
-- column arrival DECIMAL(18,9): The mid price before the first trade.
-- column paid DECIMAL(18,9): The average price, weighted with sizes.
-- column shortfall_bps DECIMAL(18,9): What was lost against the arrival price, in basis points of it; negative where something was won.
-- column volume BIGINT: The sum of the sizes.
-- column trades BIGINT: How many there are.
WITH ordered AS (
    SELECT symbol, run_id, side, CAST(price AS DECIMAL(38,9)) AS price, size, ts_event - (ts_event % {interval} + {interval}) % {interval} AS bucket, CAST(bid_px AS DECIMAL(38,9)) + ask_px AS twice_mid,
        row_number() OVER (PARTITION BY symbol, run_id ORDER BY ts_event, sequence, trade_id, price, size, bid_px, ask_px) AS n
    FROM {trades}
    WHERE side IN ('A', 'B') AND bid_px IS NOT NULL AND ask_px IS NOT NULL AND ({aggressor} = '*' OR aggressor = {aggressor})
), orders AS (
    SELECT symbol, run_id, bucket, side, min_by(twice_mid, n) AS twice_arrival, sum(price * size) AS notional, sum(size) AS volume, count(*) AS trades
    FROM ordered
    GROUP BY symbol, run_id, bucket, side
)
SELECT symbol, run_id, {time bucket} AS start, side,
    {ratio twice_arrival / 2} AS arrival,
    {ratio notional / volume} AS paid,
    {ratio 10000 * CASE side WHEN 'B' THEN 1 ELSE -1 END * (2 * notional - twice_arrival * volume) / twice_arrival * volume} AS shortfall_bps,
    CAST(volume AS BIGINT) AS volume, trades
FROM orders
ORDER BY symbol, run_id, bucket, side
