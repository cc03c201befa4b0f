-- The average price weighted with time, per symbol and interval: a price counts from its trade to the next one of the interval. Where no time lies
-- between the trades it is the last price.
--
-- param interval interval = 1d: The length of an interval, counted from 1970-01-01 00:00 UTC.
--
-- column symbol VARCHAR: The symbol.
-- column run_id VARCHAR: The run; empty for foreign producers.
-- column start TIMESTAMP: When the interval begins.
-- column twap DECIMAL(18,9): The average price.
-- column seconds DECIMAL(18,9): The time from the interval's first trade to its last.
-- column trades BIGINT: How many there are.
WITH bucketed AS (
    SELECT symbol, run_id, ts_event, sequence, trade_id, size, price, ts_event - (ts_event % {interval} + {interval}) % {interval} AS bucket
    FROM {trades}
), ordered AS (
    SELECT symbol, run_id, bucket, price,
        row_number() OVER (PARTITION BY symbol, run_id, bucket ORDER BY ts_event, sequence, trade_id, price, size) AS n,
        coalesce(lead(ts_event) OVER (PARTITION BY symbol, run_id, bucket ORDER BY ts_event, sequence, trade_id, price, size) - ts_event, 0) AS held
    FROM bucketed
)
SELECT symbol, run_id, {time bucket} AS start,
    coalesce({ratio sum(CAST(price AS DECIMAL(38,9)) * held) / sum(held)}, max_by(price, n)) AS twap,
    {ratio sum(held) / 1000000000} AS seconds,
    count(*) AS trades
FROM ordered
GROUP BY symbol, run_id, bucket
ORDER BY symbol, run_id, bucket
