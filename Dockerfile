# Everything that is installed is in requirements.lock, with its hash; nothing is built here.
FROM python:3.11-slim AS installed
COPY requirements.lock ./
RUN python3 -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock
RUN rm -rf /venv/lib/python3.11/site-packages/pip*

FROM python:3.11-slim
RUN useradd --uid 1000 visitor
COPY --from=installed /venv /venv
WORKDIR /app
COPY .streamlit ./.streamlit
COPY closedloop_core ./closedloop_core
COPY pages ./pages
# The Theory page shows its proofs.
COPY docs/theory.md ./docs/theory.md
COPY app.py server.py LICENSE ./
RUN /venv/bin/python -m compileall -q closedloop_core pages app.py server.py
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HOME=/tmp
USER visitor
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["streamlit", "run", "server.py", "--server.port=8501", "--server.address=0.0.0.0"]
