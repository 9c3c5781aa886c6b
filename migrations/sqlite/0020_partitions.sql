-- Months are apart on PostgreSQL only. Here the file stays as it is; both engines count the same
-- migrations.
SELECT 1;
