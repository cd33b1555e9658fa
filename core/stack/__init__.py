"""Run Xinbao on one machine: embedded PostgreSQL and Valkey, and the process that serves.

Plain Python, importable without Django. `embedded` is the front door (`up`, `down`, `status`,
`attach`, `urls`); `schema` keeps the tables of an embedded home up to date; `supervisor` keeps
the web, worker and beat processes alive; `vendor` copies the browser's files into `static/`.
"""
