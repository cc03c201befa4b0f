-- The quoted spread, best ask less best bid, weighted with time: a quote counts up to the next one of the interval, if it has both sides.
--
-- param interval interval = 1h: The length of an interval, counted from 1970-01-01 00:00 UTC.
--
-- column symbol VARCHAR: The symbol.
-- column run_id VARCHAR: The run; empty for foreign producers.
-- column start TIMESTAMP: When the interval begins.
-- column spread DECIMAL(18,9): The average spread; NULL where no quote with both sides stood for any time.
-- column spread_bps DECIMAL(18,9): The average of spread by mid price, in basis points.
-- column narrowest DECIMAL(18,9): The smallest spread of a quote; negative where a market was crossed.
-- column widest DECIMAL(18,9): The largest.
-- column quotes BIGINT: How many quotes there are.
-- column two_sided BIGINT: How many have both sides.
WITH bucketed AS (
    SELECT symbol, run_id, ts_event, sequence, CAST(bid_px AS DECIMAL(38,9)) AS bid, CAST(ask_px AS DECIMAL(38,9)) AS ask, bid_sz, ask_sz,
        ts_event - (ts_event % {interval} + {interval}) % {interval} AS bucket
    FROM {quotes}
), held AS (
    SELECT symbol, run_id, bucket, bid, ask,
        CASE WHEN bid IS NOT NULL AND ask IS NOT NULL THEN
            coalesce(lead(ts_event) OVER (PARTITION BY symbol, run_id, bucket ORDER BY ts_event, sequence, bid, ask, bid_sz, ask_sz) - ts_event, 0) END AS held
    FROM bucketed
), spreads AS (
    SELECT symbol, run_id, bucket, held, ask - bid AS spread, CAST({ratio 20000 * (ask - bid) / bid + ask} AS DECIMAL(38,9)) AS bps
    FROM held
)
SELECT symbol, run_id, {time bucket} AS start,
    {ratio sum(spread * held) / sum(held)} AS spread,
    {ratio sum(bps * held) / sum(held)} AS spread_bps,
    CAST(min(spread) AS DECIMAL(18,9)) AS narrowest,
    CAST(max(spread) AS DECIMAL(18,9)) AS widest,
    count(*) AS quotes,
    count(spread) AS two_sided
FROM spreads
GROUP BY symbol, run_id, bucket
ORDER BY symbol, run_id, bucket
