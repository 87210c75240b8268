package dev.modelsigning.oci.internal.registry;

import dev.modelsigning.internal.http.Answer;
import dev.modelsigning.internal.http.Request;
import dev.modelsigning.internal.http.ServiceClient.LostConnectionException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.registry.Authorization.Access;
import dev.modelsigning.oci.reference.OciDigest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Pushes a blob: one PATCH with everything, as docker does it and every registry takes it; what is
 * lost is continued where the registry says it is, in parts if it takes no long ones (the GitHub
 * registry takes 4 MiB).
 */
final class Upload {

  /** Up to this size a blob is pushed with one request. */
  private static final int SMALL = 1024 * 1024;

  /** The length of parts for a registry that takes no longer ones. */
  private static final long PART = 4 * 1024 * 1024;

  private static final long LONGEST_PART = 1024L * 1024 * 1024;

  private static final int NOT_FOUND = 404;
  private static final int TOO_LARGE = 413;
  private static final int OUT_OF_RANGE = 416;

  /** How often an attempt may fail before {@link #PROGRESS} bytes have gone. */
  private static final int MAX_FAILURES = 5;

  private static final long PROGRESS = 1024 * 1024;

  /** How often an upload may begin again. */
  private static final int MAX_STARTS = 3;

  /** What registries need at least to take in a blob, which some hash again. */
  private static final long BYTES_PER_SECOND = 20_000_000;

  private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-([0-9]{1,18})");

  private final Exchange exchange;
  private final String repository;
  private final Descriptor blob;
  private final BlobContent content;
  private final LongConsumer progress;
  private final String service;

  private URI location;
  private long offset;
  private boolean resumed;
  private long part;
  private long least;
  private int failures;
  private long lastFailure;

  Upload(
      Exchange exchange,
      String repository,
      Descriptor blob,
      BlobContent content,
      LongConsumer progress) {
    this.exchange = exchange;
    this.repository = repository;
    this.blob = blob;
    this.content = content;
    this.progress = progress;
    this.service = exchange.service(repository, "@", blob.digest());
    this.location = exchange.uri(repository, "blobs/uploads/");
  }

  /** The registry no longer knows the upload, which may begin again. */
  private static final class GoneException extends IOException {
    private static final long serialVersionUID = 1L;

    GoneException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** Pushes the blob. */
  void run() throws IOException {
    for (int start = 1; ; start++) {
      try {
        begin();
        sendAll();
        finish();
        progress.accept(blob.size());
        return;
      } catch (GoneException e) {
        if (start == MAX_STARTS) {
          throw new IOException(
              e.getMessage() + "; given up after " + start + " uploads, try again later", e);
        }
        exchange.client().pauseAfter(start, null);
      }
    }
  }

  private void begin() throws IOException {
    URI start = exchange.uri(repository, "blobs/uploads/");
    Answer answer =
        exchange.send(Request.post(service, start, new byte[0]), repository, Access.PUSH);
    if (!answer.isSuccess()) {
      throw exchange.refusal(answer, repository, Access.PUSH);
    }
    location =
        next(answer)
            .orElseThrow(
                () -> new IOException(answer.describe("began an upload without saying where")));
    offset = 0;
    resumed = false;
    part = Long.MAX_VALUE;
    failures = 0;
    lastFailure = 0;
    least(answer);
  }

  /** The least length of parts that are not the last one. */
  private void least(Answer answer) {
    String said = answer.header("OCI-Chunk-Min-Length").orElse("").strip();
    least = said.matches("[0-9]{1,12}") ? Math.min(Long.parseLong(said), LONGEST_PART) : 0;
  }

  private Optional<URI> next(Answer answer) throws IOException {
    String text = answer.header("Location").orElse("").strip();
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(exchange.own(answer, text, "the place of an upload"));
  }

  private void sendAll() throws IOException {
    if (blob.size() <= SMALL) {
      return; // with the request that ends the upload
    }
    while (offset < blob.size()) {
      progress.accept(offset);
      long length = Math.min(part, blob.size() - offset);
      Answer answer;
      try {
        answer = exchange.send(patch(length), repository, Access.PUSH);
      } catch (LostConnectionException e) {
        countFailure(e.getMessage(), e, null);
        whereAreWe();
        continue;
      }
      if (answer.isSuccess()) {
        offset += length;
        location = next(answer).orElse(location);
      } else if (answer.status() == NOT_FOUND) {
        throw new GoneException(answer.refusal(), null);
      } else if (tooLarge(answer, length)) {
        part = Math.max(PART, least);
        countFailure(answer.refusal(), null, null);
        whereAreWe();
      } else if (answer.isPassing() || answer.status() == OUT_OF_RANGE) {
        countFailure(answer.refusal(), null, answer);
        whereAreWe();
      } else {
        throw exchange.refusal(answer, repository, Access.PUSH);
      }
    }
  }

  private boolean tooLarge(Answer answer, long length) {
    return (answer.status() == TOO_LARGE || answer.status() == OUT_OF_RANGE)
        && length > Math.max(PART, least);
  }

  /** The whole blob at first, as docker sends it; then ranges, as the specification has them. */
  private Request patch(long length) {
    long from = offset;
    boolean ranged = resumed || length < blob.size();
    Request request =
        Request.streamed(
                service,
                "PATCH",
                location,
                new Part(content, from, length, ranged ? length : -1, progress))
            .withHeader("Content-Type", "application/octet-stream")
            .withTimeout(exchange.settings().stall());
    return ranged ? request.withHeader("Content-Range", from + "-" + (from + length - 1)) : request;
  }

  private void countFailure(
      @Nullable String message, @Nullable Exception cause, @Nullable Answer answer)
      throws IOException {
    failures = offset - lastFailure >= PROGRESS ? 1 : failures + 1;
    lastFailure = offset;
    if (failures > MAX_FAILURES) {
      throw new IOException(
          message + "; given up at " + offset + " bytes of " + blob.size() + ", try again later",
          cause);
    }
    if (failures > 2) {
      // Some cut off what is too long for them without saying so.
      part = Math.max(PART, least);
    }
    exchange.client().pauseAfter(failures, answer);
  }

  /** Asks the registry how much it has. */
  private void whereAreWe() throws IOException {
    resumed = true;
    Answer answer = exchange.send(Request.get(service, location), repository, Access.PUSH);
    if (!answer.isSuccess()) {
      throw new GoneException(answer.refusal(), null);
    }
    Matcher range = RANGE.matcher(answer.header("Range").orElse("").strip());
    if (!range.matches()) {
      throw new GoneException(answer.describe("does not say how much of an upload it has"), null);
    }
    long last = Long.parseLong(range.group(1));
    // "0-0" is written where there is nothing, too.
    long has = last == 0 ? 0 : last + 1;
    if (has > blob.size()) {
      throw new GoneException(
          answer.describe("says it has " + has + " bytes of " + blob.size()), null);
    }
    location = next(answer).orElse(location);
    offset = has;
  }

  private void finish() throws IOException {
    String query = location.getRawQuery();
    URI end =
        URI.create(
            location.toString()
                + (query == null ? "?" : query.isEmpty() ? "" : "&")
                + "digest=sha256%3A"
                + blob.digest().hex());
    byte[] rest =
        blob.size() <= SMALL
            ? new Part(content, 0, blob.size(), -1, progress).bytes()
            : new byte[0];
    Duration time = exchange.settings().timeout().plusSeconds(blob.size() / BYTES_PER_SECOND);
    Request request =
        Request.put(service, end, rest)
            .withHeader("Content-Type", "application/octet-stream")
            .withTimeout(time);
    Answer answer;
    try {
      answer = exchange.send(request, repository, Access.PUSH);
    } catch (LostConnectionException e) {
      if (isThere()) {
        return;
      }
      throw new GoneException(String.valueOf(e.getMessage()), e);
    }
    if (answer.isSuccess()) {
      String said = answer.header("Docker-Content-Digest").orElse("").strip();
      if (!said.isEmpty() && !said.equals(blob.digest().toString())) {
        throw new IOException(
            answer.describe(
                "stored something else: expected "
                    + blob.digest()
                    + ", found "
                    + Printable.quote(said)));
      }
      return;
    }
    // An answer to this may have been lost before, and then the upload is unknown now.
    if ((answer.status() == NOT_FOUND || answer.isPassing()) && isThere()) {
      return;
    }
    if (answer.status() == NOT_FOUND || answer.isPassing() || resumed) {
      throw new GoneException(answer.refusal(), null);
    }
    throw exchange.refusal(answer, repository, Access.PUSH);
  }

  private boolean isThere() throws IOException {
    return has(exchange, repository, blob.digest(), Access.PUSH);
  }

  /** Whether the registry has a blob. */
  static boolean has(Exchange exchange, String repository, OciDigest blob, Access access)
      throws IOException {
    return ask(exchange, repository, blob, access).isSuccess();
  }

  /** Asks for a blob without its content. The answer is a success, or says that it is not there. */
  static Answer ask(Exchange exchange, String repository, OciDigest blob, Access access)
      throws IOException {
    Answer answer =
        exchange.send(
            Request.head(
                    exchange.service(repository, "@", blob),
                    exchange.uri(repository, "blobs/" + blob))
                .followingRedirects(),
            repository,
            access);
    if (answer.isSuccess() || answer.status() == NOT_FOUND) {
      return answer;
    }
    throw exchange.refusal(answer, repository, access);
  }
}
