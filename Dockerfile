# One image for web, worker and beat. Secrets come from the environment at run time, never from here.
FROM node:22-slim AS pages
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libfontconfig1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --uid 10001 xinbao \
    && install -d -o xinbao -g xinbao /app /data
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir uv \
    && uv pip install --system --no-cache --no-python-downloads -r requirements.txt
COPY --chown=xinbao:xinbao . .
COPY --from=pages /build/node_modules ./node_modules
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 XINBAO_HOME=/data
# Collecting files needs settings but no service: the values of this one step open nothing.
RUN python -m core.stack.vendor \
    && rm -rf node_modules \
    && export XINBAO_MODE=production SECRET_KEY=build FIELD_KEY_ID=build ALLOWED_HOSTS=localhost \
        EVIDENCE_KEY_ID=build EVIDENCE_SIGNING_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
        FIELD_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
        BLIND_INDEX_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
        DATABASE_URL=postgres://build/build REDIS_URL=redis://build/0 \
    && python manage.py messages --compile \
    && python manage.py collectstatic --noinput \
    && chown -R xinbao:xinbao /app
ENV XINBAO_MODE=production
USER xinbao
EXPOSE 8000
VOLUME /data
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD \
    ["python", "-m", "core.stack.health"]
CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "3", \
     "--threads", "4", "--timeout", "120", "--no-control-socket"]
