package dev.modelsigning.sigstore;

import dev.modelsigning.internal.file.ByteOrderMark;
import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.FileTooLargeException;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A file with a trusted root: a trusted root alone, or a {@code ClientTrustConfig} with a trusted
 * root and a signing configuration.
 */
final class TrustConfigDocument {

  private static final String MEDIA_TYPE =
      "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json";

  private static final int MAX_SIZE = 4 * 1024 * 1024;

  private static final long MAX_TOKENS = 100_000;

  /** Certificates in Base64 are the longest strings, with 1 to 4 KB. */
  private static final int MAX_STRING = 64 * 1024;

  private final Part trustedRoot;
  private final Optional<Part> signingConfig;

  private TrustConfigDocument(Part trustedRoot, Optional<Part> signingConfig) {
    this.trustedRoot = trustedRoot;
    this.signingConfig = signingConfig;
  }

  /**
   * A part of a document.
   *
   * @param document the name of the document in messages
   * @param text its JSON text
   */
  record Part(String document, String text) {

    /** Returns a document that consists of one part. */
    static Part of(String document, byte[] json) throws TrustConfigException {
      try {
        return new Part(
            document, JsonReader.read(document, json, MAX_TOKENS, JsonReader::rawValue));
      } catch (MalformedJsonException e) {
        throw new TrustConfigException("" + e.getMessage(), e);
      }
    }

    /**
     * Reads the message that this part is.
     *
     * @param what the name of the message in error messages
     * @param message reads it
     * @throws TrustConfigException if it is malformed
     */
    <T> T read(String what, JsonReader.Production<T> message) throws TrustConfigException {
      byte[] json = text.getBytes(StandardCharsets.UTF_8);
      if (json.length > MAX_SIZE) {
        throw new TrustConfigException(
            document + ": expected at most " + MAX_SIZE + " bytes, found more");
      }
      try {
        return JsonReader.read(
            document + ": is not a " + what,
            json,
            MAX_TOKENS,
            reader -> {
              reader.limitStrings(MAX_STRING);
              return message.read(reader);
            });
      } catch (MalformedJsonException e) {
        throw new TrustConfigException("" + e.getMessage(), e);
      }
    }

    TrustConfigException notA(String what, Exception cause) {
      return new TrustConfigException(
          document + ": is not a " + what + ": " + Printable.brief("" + cause.getMessage()), cause);
    }
  }

  static TrustConfigDocument read(Path file) throws IOException {
    byte[] json;
    try {
      json = ByteOrderMark.strip(SmallFile.read(file, FileKind.TRUST_CONFIG));
    } catch (FileTooLargeException e) {
      throw new TrustConfigException(file + ": " + e.getReason(), e);
    } catch (CharacterCodingException e) {
      throw new TrustConfigException(file + ": " + e.getMessage(), e);
    }
    return parse(file.toString(), json);
  }

  static TrustConfigDocument parse(String document, byte[] json) throws TrustConfigException {
    Map<String, String> members = new HashMap<>();
    Set<String> others = new HashSet<>();
    try {
      JsonReader.read(
          document,
          json,
          MAX_TOKENS,
          reader -> {
            reader.object(name -> {
              switch (name) {
                case "mediaType", "trustedRoot", "signingConfig" ->
                    members.put(name, reader.rawValue());
                default -> {
                  others.add(name);
                  reader.skip();
                }
              }
            });
            return members;
          });
    } catch (MalformedJsonException e) {
      throw new TrustConfigException("" + e.getMessage(), e);
    }
    String root = members.get("trustedRoot");
    if (root == null) {
      // Not a trust configuration, so at most a trusted root itself.
      if (!others.contains("certificateAuthorities") || !others.contains("tlogs")) {
        throw new TrustConfigException(
            document
                + ": expected a trusted root, with certificateAuthorities and tlogs,"
                + " or a ClientTrustConfig, with trustedRoot; found neither");
      }
      return new TrustConfigDocument(
          new Part(document, new String(json, StandardCharsets.UTF_8)), Optional.empty());
    }
    String mediaType = members.get("mediaType");
    if (mediaType != null && !mediaType.equals('"' + MEDIA_TYPE + '"')) {
      throw new TrustConfigException(
          document
              + ": mediaType: expected '"
              + MEDIA_TYPE
              + "', found "
              + Printable.quote(mediaType));
    }
    return new TrustConfigDocument(
        new Part(document + ": trustedRoot", root),
        Optional.ofNullable(members.get("signingConfig"))
            .map(text -> new Part(document + ": signingConfig", text)));
  }

  Part trustedRoot() {
    return trustedRoot;
  }

  /** The signing configuration, which only a {@code ClientTrustConfig} contains. */
  Optional<Part> signingConfig() {
    return signingConfig;
  }
}
