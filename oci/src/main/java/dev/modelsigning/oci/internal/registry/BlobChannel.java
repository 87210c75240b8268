package dev.modelsigning.oci.internal.registry;

import dev.modelsigning.internal.http.Answer;
import dev.modelsigning.internal.http.Request;
import dev.modelsigning.internal.http.ServiceClient.LostConnectionException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.MalformedImageException;
import dev.modelsigning.oci.internal.registry.Authorization.Access;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A range of a blob, read while it arrives: exactly its bytes, or an error. When the connection is
 * lost or stalls, it is opened again where it was. The digest is for whoever reads the whole blob.
 */
final class BlobChannel implements ReadableByteChannel {

  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int NOT_FOUND = 404;

  /** How often the connection may be lost before {@link #PROGRESS} bytes have arrived. */
  private static final int MAX_LOSSES = 5;

  private static final long PROGRESS = 1024 * 1024;

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)");

  private final Exchange exchange;
  private final String repository;
  private final Descriptor blob;
  private final long to;
  private long position;
  private int losses;
  private long lastLoss;
  private @Nullable Answer answer;
  private @Nullable ReadableByteChannel body;
  private boolean closed;

  private BlobChannel(Exchange exchange, String repository, Descriptor blob, long from, long to) {
    this.exchange = exchange;
    this.repository = repository;
    this.blob = blob;
    this.position = from;
    this.lastLoss = from;
    this.to = to;
  }

  /**
   * Opens a range.
   *
   * @param from the offset of the first byte
   * @param to the offset after the last byte
   */
  static BlobChannel open(Exchange exchange, String repository, Descriptor blob, long from, long to)
      throws IOException {
    if (from < 0 || to < from || to > blob.size()) {
      throw new IllegalArgumentException(
          "no range of " + blob.size() + " bytes: from " + from + " to " + to);
    }
    BlobChannel channel = new BlobChannel(exchange, repository, blob, from, to);
    if (from < to) {
      channel.reopen();
    }
    return channel;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (position == to) {
      return -1;
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    while (true) {
      try {
        int number = readHere(target);
        if (number >= 0) {
          position += number;
          if (position == to) {
            end();
          }
          return number;
        }
        throw lost("ended after " + position + " bytes of " + blob.size(), null);
      } catch (LostConnectionException e) {
        countLoss(e);
        reopen();
      }
    }
  }

  private int readHere(ByteBuffer target) throws IOException {
    ReadableByteChannel here = body;
    if (here == null) {
      throw new ClosedChannelException();
    }
    int limit = target.limit();
    target.limit((int) Math.min(limit, target.position() + (to - position)));
    try {
      return here.read(target);
    } finally {
      target.limit(limit);
    }
  }

  /** After the last byte of the blob there must be no other. */
  private void end() throws IOException {
    ReadableByteChannel here = body;
    if (here == null) {
      return;
    }
    if (to == blob.size()) {
      int more;
      try {
        more = here.read(ByteBuffer.allocate(1));
      } catch (LostConnectionException e) {
        more = -1; // all that was wanted is here
      }
      if (more > 0) {
        here.close();
        throw failed("sends more than the " + blob.size() + " bytes of the manifest");
      }
    }
    here.close();
    body = null;
  }

  private void countLoss(LostConnectionException loss) throws IOException {
    losses = position - lastLoss >= PROGRESS ? 1 : losses + 1;
    lastLoss = position;
    if (losses > MAX_LOSSES) {
      throw new IOException(
          loss.getMessage() + "; given up at " + position + " bytes of " + blob.size(), loss);
    }
    exchange.client().pauseAfter(losses, null);
  }

  /** Opens the rest, at the current position. */
  private void reopen() throws IOException {
    if (body != null) {
      body.close();
      body = null;
    }
    while (true) {
      try {
        connect();
        return;
      } catch (LostConnectionException e) {
        countLoss(e);
      }
    }
  }

  private void connect() throws IOException {
    Request request =
        Request.get(
                exchange.service(repository, "@", blob.digest()),
                exchange.uri(repository, "blobs/" + blob.digest()))
            .withHeader("Accept", "*/*")
            .withStreamedAnswer(exchange.settings().stall())
            .followingRedirects();
    if (to - position >= exchange.settings().alone()) {
      request = request.overOwnConnection();
    }
    boolean part = position > 0 || to < blob.size();
    if (part) {
      request = request.withHeader("Range", "bytes=" + position + "-" + (to - 1));
    }
    Answer got = exchange.send(request, repository, Access.PULL);
    answer = got;
    if (got.status() != OK && !(part && got.status() == PARTIAL)) {
      close(got);
      if (got.status() == NOT_FOUND) {
        throw new MalformedImageException(
            String.valueOf(exchange.refusal(got, repository, Access.PULL).getMessage()));
      }
      throw exchange.refusal(got, repository, Access.PULL);
    }
    body = got.body().orElseThrow();
    try {
      require(got);
      if (got.status() == OK && position > 0) {
        skip(body, position);
      }
    } catch (IOException e) {
      body.close();
      throw e;
    }
  }

  private static void close(Answer got) throws IOException {
    if (got.body().isPresent()) {
      got.body().get().close();
    }
  }

  private void require(Answer got) throws IOException {
    String type = Exchange.mediaType(got);
    if (type.equals("text/html") && !blob.mediaType().startsWith("text/html")) {
      throw failed(
          "answered with "
              + Printable.quote(type)
              + ", expected a blob of "
              + Printable.quote(blob.mediaType()));
    }
    if (got.status() == PARTIAL) {
      String said = got.header("Content-Range").orElse("").strip();
      Matcher range = CONTENT_RANGE.matcher(said);
      if (!range.matches()
          || Long.parseLong(range.group(1)) != position
          || Long.parseLong(range.group(2)) != to - 1
          || !(range.group(3).equals("*") || range.group(3).equals(String.valueOf(blob.size())))) {
        throw failed(
            "sends another range: expected bytes "
                + position
                + "-"
                + (to - 1)
                + "/"
                + blob.size()
                + ", found "
                + Printable.quote(said));
      }
      return;
    }
    String length = got.header("Content-Length").orElse("").strip();
    if (!length.isEmpty() && !length.equals(String.valueOf(blob.size()))) {
      throw failed(
          "has another size: the manifest says "
              + blob.size()
              + ", found "
              + Printable.quote(length));
    }
  }

  /** A registry without ranges sends everything. */
  private void skip(ReadableByteChannel from, long number) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    for (long left = number; left > 0; ) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), left));
      int read = from.read(buffer);
      if (read < 0) {
        throw lost("ended " + left + " bytes before the range", null);
      }
      left -= read;
    }
  }

  private IOException failed(String problem) {
    return new IOException(described(problem));
  }

  private String described(String problem) {
    return answer == null ? problem : answer.describe(problem);
  }

  private LostConnectionException lost(String problem, @Nullable Exception cause) {
    return new LostConnectionException(described(problem), cause);
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    if (body != null) {
      body.close();
      body = null;
    }
  }
}
