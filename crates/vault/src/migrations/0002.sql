-- Version 2. A secret of this file. The names that items go by outside and the seeds of their pseudonyms are made from
-- it and the row's number: a number itself would tell how many rows lie between two that are shown.

INSERT INTO settings (key, value) VALUES ('vault.itemSecret', lower(hex(randomblob(32))));
