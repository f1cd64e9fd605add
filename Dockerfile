# The Python that the tests run on.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8080

RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin corkboard
WORKDIR /app

# Before the code, so that a change of the code doesn't install everything anew.
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY crud_config.py ./
COPY routes.py ./
COPY migrations ./migrations
COPY models ./models
COPY embedded_postgres ./embedded_postgres
COPY web/dist ./web/dist
COPY api ./api

# By number, so that an orchestrator can tell that it isn't root.
USER 10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "\
import http.client, os, sys; \
api = http.client.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=4); \
api.request('GET', '/health/ready'); \
sys.exit(api.getresponse().status != 200)"]
CMD ["python", "-m", "api", "serve"]
