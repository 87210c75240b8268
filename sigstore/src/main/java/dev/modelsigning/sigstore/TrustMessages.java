package dev.modelsigning.sigstore;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads messages of Protocol Buffers from the JSON of trust configurations. Texts are checked
 * before they are passed to the library: its time and memory for parsing a time grow with a high
 * power of the length, and it prints invalid times on standard error.
 */
final class TrustMessages {

  private static final int MAX_SIZE = 4 * 1024 * 1024;

  private static final long MAX_TOKENS = 100_000;

  /** Certificates in Base64 are the longest strings, with 1 to 4 KB. */
  private static final int MAX_STRING = 64 * 1024;

  /**
   * The fields of {@code TimeRange}, in compact JSON; quotation marks inside strings are escaped.
   */
  private static final Pattern TIMES =
      Pattern.compile("\"(start|end)\":\"((?:[^\"\\\\]|\\\\.)*+)\"");

  /** A time by RFC 3339, checked for its characters and its length only. */
  private static final Pattern TIME = Pattern.compile("[0-9TZtz:.+-]{1,40}");

  private TrustMessages() {}

  /**
   * Parses a message.
   *
   * @param json the JSON text
   * @param what the name of the message in error messages
   * @param message receives the fields; unknown ones are ignored
   * @throws TrustConfigException if it is malformed
   */
  static void merge(TrustConfigDocument.Part json, String what, Message.Builder message)
      throws TrustConfigException {
    try {
      String text =
          JsonReader.read(
              json.document(),
              json.text().getBytes(StandardCharsets.UTF_8),
              MAX_TOKENS,
              reader -> reader.rawValue(MAX_SIZE, MAX_STRING));
      requireTimes(json.document(), text);
      JsonFormat.parser().ignoringUnknownFields().merge(text, message);
    } catch (MalformedJsonException e) {
      throw new TrustConfigException("" + e.getMessage(), e);
    } catch (InvalidProtocolBufferException e) {
      throw json.notA(what, e);
    }
  }

  private static void requireTimes(String document, String json) throws MalformedJsonException {
    Matcher times = TIMES.matcher(json);
    while (times.find()) {
      if (!TIME.matcher(times.group(2)).matches()) {
        throw new MalformedJsonException(
            document
                + ": "
                + times.group(1)
                + ": expected a time as in 2025-12-31T12:00:00Z, found "
                + Printable.quote(times.group(2)));
      }
    }
  }
}
