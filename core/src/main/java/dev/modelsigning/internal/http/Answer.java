package dev.modelsigning.internal.http;

import dev.modelsigning.internal.json.Printable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a service answered, whatever it says. */
public final class Answer {

  private static final int MAX_EXCERPT = 150;

  private final Request request;
  private final int status;
  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final byte[] content;

  Answer(Request request, int status, Map<String, List<String>> headers, byte[] content) {
    this.request = request;
    this.status = status;
    this.headers.putAll(headers);
    this.content = content;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** Whether the status says success. */
  public boolean isSuccess() {
    return status / 100 == 2;
  }

  /** Whether the service is busy, or a gateway whose service is, so that asking again may help. */
  boolean isPassing() {
    return status == 429 || status / 100 == 5;
  }

  /** The content; of an answer that says no success only the beginning, if it is long. */
  public byte[] content() {
    return content.clone();
  }

  /** The first value of a header. */
  public Optional<String> header(String name) {
    return headers.getOrDefault(name, List.of()).stream().findFirst();
  }

  /** What the service is called in messages. */
  public String service() {
    return request.service();
  }

  /** What the service said, without secrets, in a form and length that can be shown. */
  public String excerpt() {
    String text = request.redaction().apply(new String(content, StandardCharsets.UTF_8)).strip();
    String cut =
        text.codePointCount(0, text.length()) <= MAX_EXCERPT
            ? text
            : text.substring(0, text.offsetByCodePoints(0, MAX_EXCERPT)) + "...";
    return cut.isEmpty() ? "without a word" : Printable.quote(cut);
  }

  /**
   * Says which service did what, and not what to do about it.
   *
   * @param problem what it did; may quote from the answer, and is shown without secrets
   */
  public String describe(String problem) {
    return request.describe(problem);
  }

  /** What went wrong with the content, without secrets, as the cause of another failure. */
  public Exception cause(Exception problem) {
    return request.redaction().apply(problem);
  }

  /** What to say of an answer with a status that is not wanted. */
  public String refusal() {
    return describe("answered " + status + ": " + excerpt());
  }

  Request request() {
    return request;
  }
}
