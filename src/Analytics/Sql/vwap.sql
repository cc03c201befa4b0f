-- The average price weighted with sizes, per symbol and interval.
--
-- param interval interval = 1d: The length of an interval, counted from 1970-01-01 00:00 UTC.
--
-- column symbol VARCHAR: The symbol.
-- column run_id VARCHAR: The run; empty for foreign producers.
-- column start TIMESTAMP: When the interval begins.
-- column vwap DECIMAL(18,9): The average price.
-- column volume BIGINT: The sum of the sizes.
-- column notional DECIMAL(38,9): The sum of price × size.
-- column trades BIGINT: How many there are.
WITH bucketed AS (
    SELECT symbol, run_id, size, CAST(price AS DECIMAL(38,9)) * size AS notional,
        ts_event - (ts_event % {interval} + {interval}) % {interval} AS bucket
    FROM {trades}
)
SELECT symbol, run_id, {time bucket} AS start,
    {ratio sum(notional) / sum(size)} AS vwap,
    CAST(sum(size) AS BIGINT) AS volume,
    CAST(sum(notional) AS DECIMAL(38,9)) AS notional,
    count(*) AS trades
FROM bucketed
GROUP BY symbol, run_id, bucket
ORDER BY symbol, run_id, bucket
