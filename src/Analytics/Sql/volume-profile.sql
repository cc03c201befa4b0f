-- Where the volume was traded: a row per symbol and price level.
--
-- param step number = 0.1: The distance of the levels; a price is cut to a multiple of it.
--
-- column symbol VARCHAR: The symbol.
-- column run_id VARCHAR: The run; empty for foreign producers.
-- column level DECIMAL(18,9): The level: prices from here to the next.
-- column volume BIGINT: The sum of the sizes.
-- column share DECIMAL(18,9): That by the symbol's volume.
-- column bought BIGINT: The volume of buying aggressors.
-- column sold BIGINT: The volume of selling aggressors.
-- column trades BIGINT: How many there are.
WITH levelled AS (
    SELECT symbol, run_id, size, side, {quotient CAST(price AS DECIMAL(38,9)) * 1000000000 / CAST({step} AS DECIMAL(38,9)) * 1000000000} AS level
    FROM {trades}
), profile AS (
    SELECT symbol, run_id, level, CAST(sum(size) AS BIGINT) AS volume, count(*) AS trades,
        CAST(sum(CASE side WHEN 'B' THEN size ELSE 0 END) AS BIGINT) AS bought, CAST(sum(CASE side WHEN 'A' THEN size ELSE 0 END) AS BIGINT) AS sold
    FROM levelled
    GROUP BY symbol, run_id, level
), totals AS (
    SELECT symbol, run_id, level, volume, trades, bought, sold, sum(volume) OVER (PARTITION BY symbol, run_id) AS total
    FROM profile
)
SELECT symbol, run_id, CAST(level * CAST({step} AS DECIMAL(38,9)) AS DECIMAL(18,9)) AS level, volume, {ratio volume / total} AS share, bought, sold, trades
FROM totals
ORDER BY symbol, run_id, level
