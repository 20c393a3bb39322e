-- Seconds from receipt to filing of each statement of a source since a moment: median, 95th
-- percentile, most, and how many statements there are.
SELECT
    percentile_cont(0.5) WITHIN GROUP (ORDER BY lag) AS p50,
    percentile_cont(0.95) WITHIN GROUP (ORDER BY lag) AS p95,
    max(lag) AS most,
    count(*) AS statements
FROM (
    SELECT extract(epoch FROM filed - received)::float8 AS lag
    FROM statement
    WHERE received >= $1
) AS lagged;

-- Messages that are kept and not filed yet.
SELECT count(*) AS waiting FROM waiting;
