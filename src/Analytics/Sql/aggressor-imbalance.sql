-- Who pressed: the volume of buying aggressors against that of selling ones. Trades without an aggressor do not count.
--
-- param interval interval = 1m: The length of an interval, counted from 1970-01-01 00:00 UTC.
--
-- column symbol VARCHAR: The symbol.
-- column run_id VARCHAR: The run; empty for foreign producers.
-- column start TIMESTAMP: When the interval begins.
-- column imbalance DECIMAL(18,9): Bought less sold, by both together: 1 where all was bought, -1 where all was sold.
-- column bought BIGINT: The volume of buying aggressors.
-- column sold BIGINT: The volume of selling aggressors.
-- column buys BIGINT: How many trades they are.
-- column sells BIGINT: How many trades they are.
WITH bucketed AS (
    SELECT symbol, run_id, ts_event - (ts_event % {interval} + {interval}) % {interval} AS bucket, CASE side WHEN 'B' THEN size ELSE 0 END AS bought, CASE side WHEN 'A' THEN size ELSE 0 END AS sold, side
    FROM {trades}
    WHERE side IN ('A', 'B')
)
SELECT symbol, run_id, {time bucket} AS start,
    {ratio sum(bought) - sum(sold) / sum(bought) + sum(sold)} AS imbalance,
    CAST(sum(bought) AS BIGINT) AS bought,
    CAST(sum(sold) AS BIGINT) AS sold,
    count(*) FILTER (WHERE side = 'B') AS buys,
    count(*) FILTER (WHERE side = 'A') AS sells
FROM bucketed
GROUP BY symbol, run_id, bucket
ORDER BY symbol, run_id, bucket
