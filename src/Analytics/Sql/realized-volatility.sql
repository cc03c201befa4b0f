-- Realized volatility: the square root of the sum of squared log returns between the last prices of successive samples, per symbol and interval.
-- A return is rounded to nine decimals, so that the sum is exact. A sample without a trade is passed over. Nothing is annualised.
--
-- param sample interval = 5m: The length of a sample.
-- param interval interval = 1d: The length of an interval; best a multiple of the sample's.
--
-- column symbol VARCHAR: The symbol.
-- column run_id VARCHAR: The run; empty for foreign producers.
-- column start TIMESTAMP: When the interval begins.
-- column volatility DECIMAL(18,9): 0.01 is one percent.
-- column largest DECIMAL(18,9): The largest return, up or down.
-- column returns BIGINT: How many returns there are; an interval with one sample has none.
WITH sampled AS (
    SELECT symbol, run_id, price, ts_event - (ts_event % {interval} + {interval}) % {interval} AS bucket, ts_event - (ts_event % {sample} + {sample}) % {sample} AS sample,
        row_number() OVER (PARTITION BY symbol, run_id ORDER BY ts_event, sequence, trade_id, price, size) AS n
    FROM {trades}
    WHERE price > 0
), closes AS (
    SELECT symbol, run_id, bucket, sample, max_by(price, n) AS price
    FROM sampled
    GROUP BY symbol, run_id, bucket, sample
), steps AS (
    SELECT symbol, run_id, bucket, price, lag(price) OVER (PARTITION BY symbol, run_id, bucket ORDER BY sample) AS before
    FROM closes
), returned AS (
    SELECT symbol, run_id, bucket, CAST(round(1000000000 * ln(CAST(price AS DOUBLE) / CAST(before AS DOUBLE))) AS BIGINT) AS billionths
    FROM steps
)
SELECT symbol, run_id, {time bucket} AS start,
    CAST(sqrt(CAST(sum(CAST(billionths AS {wide}) * billionths) AS DOUBLE)) / 1000000000 AS DECIMAL(18,9)) AS volatility,
    {ratio max(abs(billionths)) / 1000000000} AS largest,
    count(billionths) AS returns
FROM returned
GROUP BY symbol, run_id, bucket
ORDER BY symbol, run_id, bucket
