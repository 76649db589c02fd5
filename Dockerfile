FROM python:3.12-slim
RUN useradd --create-home --uid 1000 visitor
WORKDIR /home/visitor/app
COPY --chown=visitor pyproject.toml README.md LICENSE ./
COPY --chown=visitor closedloop_core ./closedloop_core
RUN pip install --no-cache-dir ".[app]"
COPY --chown=visitor .streamlit ./.streamlit
COPY --chown=visitor app.py ./
COPY --chown=visitor pages ./pages
# The Theory page shows its proofs.
COPY --chown=visitor docs/theory.md ./docs/theory.md
USER visitor
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["streamlit", "run", "app.py", "--server.port=8501", "--server.address=0.0.0.0"]
