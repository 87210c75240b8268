package dev.modelsigning.internal.http;

import dev.modelsigning.internal.json.Printable;
import java.net.URI;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The response of a service, with any status. */
public final class Answer {

  private static final int MAX_EXCERPT = 150;

  private final Request request;
  private final int status;
  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final byte[] content;
  private final @Nullable ReadableByteChannel body;

  Answer(
      Request request,
      int status,
      Map<String, List<String>> headers,
      byte[] content,
      @Nullable ReadableByteChannel body) {
    this.request = request;
    this.status = status;
    this.headers.putAll(headers);
    this.content = content;
    this.body = body;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** Whether the status is a success. */
  public boolean isSuccess() {
    return status / 100 == 2;
  }

  /**
   * Whether the status indicates a temporary failure of the service or a gateway, so that a retry
   * may help.
   */
  public boolean isPassing() {
    return status == 429 || status / 100 == 5;
  }

  /** The content; for a status that is not a success, only the beginning if it is long. */
  public byte[] content() {
    return content.clone();
  }

  /**
   * The content that is read while it arrives; empty unless that was asked for and the status is a
   * success. It must be closed. Its failures are {@link ServiceClient.LostConnectionException}s if
   * a retry may help.
   */
  public Optional<ReadableByteChannel> body() {
    return Optional.ofNullable(body);
  }

  /** All values of a header. */
  public List<String> headers(String name) {
    return List.copyOf(headers.getOrDefault(name, List.of()));
  }

  /** The address that answered, which is another one than that asked after a redirect. */
  public URI uri() {
    return request.uri();
  }

  /** The first value of a header. */
  public Optional<String> header(String name) {
    return headers.getOrDefault(name, List.of()).stream().findFirst();
  }

  /** The name of the service in messages. */
  public String service() {
    return request.service();
  }

  /** The beginning of the content, without secrets, escaped for display. */
  public String excerpt() {
    String text = request.redaction().apply(new String(content, StandardCharsets.UTF_8)).strip();
    String cut =
        text.codePointCount(0, text.length()) <= MAX_EXCERPT
            ? text
            : text.substring(0, text.offsetByCodePoints(0, MAX_EXCERPT)) + "...";
    return cut.isEmpty() ? "without a word" : Printable.quote(cut);
  }

  /**
   * A message that names the service and the problem, without advice.
   *
   * @param problem the problem; may quote from the response, and is redacted
   */
  public String describe(String problem) {
    return request.describe(problem);
  }

  /** A problem with the content, without secrets, as the cause of another failure. */
  public Exception cause(Exception problem) {
    return request.redaction().apply(problem);
  }

  /** Removes the secrets of the request from a text that the service may have sent. */
  public String withoutSecrets(String text) {
    return request.redaction().apply(text);
  }

  /** A message for an unexpected status. */
  public String refusal() {
    return describe("answered " + status + ": " + excerpt());
  }

  Request request() {
    return request;
  }
}
