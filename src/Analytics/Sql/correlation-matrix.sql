-- How symbols move together: Pearson's correlation of the log returns between the last prices of successive samples, of every pair of a run's symbols. A
-- return is rounded to nine decimals, so that the sums are exact; one counts where both symbols were traded in both samples.
--
-- param sample interval = 5m: The length of a sample.
--
-- column symbol VARCHAR: The symbol that comes first in the alphabet.
-- column other VARCHAR: The other symbol.
-- column run_id VARCHAR: The run; empty for foreign producers.
-- column correlation DECIMAL(18,9): From -1 to 1; NULL where one of the two never moved.
-- column returns BIGINT: How many pairs of returns there are.
WITH sampled AS (
    SELECT symbol, run_id, price, ts_event - (ts_event % {sample} + {sample}) % {sample} AS sample,
        row_number() OVER (PARTITION BY symbol, run_id ORDER BY ts_event, sequence, trade_id, price, size) AS n
    FROM {trades}
    WHERE price > 0
), closes AS (
    SELECT symbol, run_id, sample, max_by(price, n) AS price
    FROM sampled
    GROUP BY symbol, run_id, sample
), steps AS (
    SELECT symbol, run_id, sample, price,
        lag(price) OVER (PARTITION BY symbol, run_id ORDER BY sample) AS before,
        sample - lag(sample) OVER (PARTITION BY symbol, run_id ORDER BY sample) AS step
    FROM closes
), returned AS (
    SELECT symbol, run_id, sample, CAST(CAST(round(1000000000 * ln(CAST(price AS DOUBLE) / CAST(before AS DOUBLE))) AS BIGINT) AS {wide}) AS billionths
    FROM steps
    WHERE step = {sample}
), sums AS (
    SELECT x.symbol, y.symbol AS other, x.run_id, count(*) AS n, sum(x.billionths) AS x, sum(y.billionths) AS y,
        sum(x.billionths * y.billionths) AS xy, sum(x.billionths * x.billionths) AS xx, sum(y.billionths * y.billionths) AS yy
    FROM returned x
    JOIN returned y ON y.run_id = x.run_id AND y.sample = x.sample AND y.symbol > x.symbol
    GROUP BY x.symbol, y.symbol, x.run_id
)
SELECT symbol, other, run_id,
    CAST(CAST(n * xy - x * y AS DOUBLE) / NULLIF(sqrt(CAST(n * xx - x * x AS DOUBLE)) * sqrt(CAST(n * yy - y * y AS DOUBLE)), 0) AS DECIMAL(18,9)) AS correlation,
    n AS returns
FROM sums
ORDER BY symbol, other, run_id
