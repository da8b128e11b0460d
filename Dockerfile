# One image for web, workers and clock. Everything Loa needs comes with its Python dependencies.
FROM python:3.12-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /srv/loa
COPY pyproject.toml constraints.txt README.md ./
COPY loa loa
COPY service service
COPY audio audio
COPY workers workers
COPY bench bench
RUN pip install --no-cache-dir -c constraints.txt -e '.[postgres,bucket]'
RUN python -m compileall -q loa service audio workers bench # else each start compiles them: seconds of a processor
COPY migrations migrations
COPY templates templates
COPY samples samples
RUN useradd --create-home loa && mkdir var && chown loa var
USER loa
ENV LOA_HOST=0.0.0.0
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
CMD ["loa", "serve"]
