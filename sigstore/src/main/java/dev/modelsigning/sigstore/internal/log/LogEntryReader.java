package dev.modelsigning.sigstore.internal.log;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.TransparencyLogEntry;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.sigstore.internal.log.LogEntry.InclusionProof;
import dev.modelsigning.sigstore.internal.log.LogEntry.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link LogEntry}: Sigstore's message {@code TransparencyLogEntry} in the JSON form of
 * Protocol Buffers. A field that is absent or null has its default value; all other fields than the
 * known ones, and other spellings of their names, are refused, so that all readers interpret an
 * entry in the same way.
 */
final class LogEntryReader {

  private static final String DOCUMENT = "bundle: verificationMaterial.tlogEntries";

  /** Entries have about a hundred. */
  private static final long MAX_TOKENS = 1_000;

  /** The SHA-256 of the key of the log. */
  private static final int MAX_LOG_ID = 64;

  /** Current logs have proofs of 13 to 30 hashes; a tree of 2^63 leaves has 63. */
  private static final int MAX_HASHES = 64;

  /** Hashes have 32 bytes. */
  private static final int MAX_HASH = 64;

  /** Checkpoints have 200 to 500 characters, and about a hundred for each witness. */
  private static final int MAX_CHECKPOINT = 16 * 1024;

  /** ECDSA signatures have about 70 bytes. */
  private static final int MAX_SIGNATURE = 64 * 1024;

  private static final int MAX_NAME = 100;

  private static final Set<String> ENTRY =
      Set.of(
          "logIndex",
          "logId",
          "kindVersion",
          "integratedTime",
          "inclusionPromise",
          "inclusionProof",
          "canonicalizedBody");
  private static final Set<String> KIND = Set.of("kind", "version");
  private static final Set<String> PROOF =
      Set.of("logIndex", "rootHash", "treeSize", "hashes", "checkpoint");

  private final JsonReader json;
  private long logIndex;
  private Bytes logId = Bytes.of(new byte[0]);
  private String kind = "";
  private String version = "";
  private long integratedTime;
  private @Nullable Bytes signedEntryTimestamp;
  private @Nullable InclusionProof proof;
  private @Nullable Bytes body;

  private LogEntryReader(JsonReader json) {
    this.json = json;
  }

  /**
   * Parses an entry.
   *
   * @throws MalformedBundleException if it is malformed
   */
  static LogEntry read(TransparencyLogEntry entry) throws MalformedBundleException {
    byte[] bytes = entry.json().getBytes(StandardCharsets.UTF_8);
    try {
      return JsonReader.read(DOCUMENT, bytes, MAX_TOKENS, json -> new LogEntryReader(json).entry());
    } catch (MalformedJsonException e) {
      throw new MalformedBundleException(e.getMessage() + " (OMS 8.1)", e);
    }
  }

  private LogEntry entry() throws MalformedJsonException {
    fields(
        ENTRY,
        name -> {
          switch (name) {
            case "logIndex" -> logIndex = natural();
            case "logId" -> only("keyId", () -> logId = bytes(MAX_LOG_ID));
            case "kindVersion" -> readKind();
            case "integratedTime" -> integratedTime = natural();
            case "inclusionPromise" ->
                only("signedEntryTimestamp", () -> signedEntryTimestamp = bytes(MAX_SIGNATURE));
            case "inclusionProof" -> proof = readProof();
            case "canonicalizedBody" -> body = bytes(Integer.MAX_VALUE);
            default -> throw json.unknown(name);
          }
        });
    if (proof == null) {
      throw json.missing("inclusionProof.checkpoint");
    }
    if (body == null || body.length() == 0) {
      throw json.missing("canonicalizedBody");
    }
    return new LogEntry(
        logIndex,
        logId,
        new Kind(kind, version),
        integratedTime,
        Optional.ofNullable(signedEntryTimestamp).filter(promise -> promise.length() > 0),
        proof,
        body);
  }

  private void readKind() throws MalformedJsonException {
    fields(
        KIND,
        name -> {
          switch (name) {
            case "kind" -> kind = json.string(MAX_NAME);
            case "version" -> version = json.string(MAX_NAME);
            default -> throw json.unknown(name);
          }
        });
  }

  private InclusionProof readProof() throws MalformedJsonException {
    var fields =
        new Object() {
          long index;
          long treeSize;
          Bytes rootHash = Bytes.of(new byte[0]);
          @Nullable String checkpoint;
        };
    List<Bytes> hashes = new ArrayList<>();
    fields(
        PROOF,
        name -> {
          switch (name) {
            case "logIndex" -> fields.index = natural();
            case "rootHash" -> fields.rootHash = bytes(MAX_HASH);
            case "treeSize" -> fields.treeSize = natural();
            case "hashes" -> json.array(MAX_HASHES, index -> hashes.add(bytes(MAX_HASH)));
            case "checkpoint" ->
                only("envelope", () -> fields.checkpoint = json.string(MAX_CHECKPOINT));
            default -> throw json.unknown(name);
          }
        });
    if (fields.checkpoint == null) {
      throw json.missing("checkpoint");
    }
    return new InclusionProof(
        fields.index, fields.treeSize, hashes, fields.rootHash, fields.checkpoint);
  }

  /** Reads an object with these fields only. Null stands for the default value. */
  private void fields(Set<String> known, JsonReader.MemberHandler handler)
      throws MalformedJsonException {
    json.object(name -> {
      if (!known.contains(name)) {
        throw json.unknown(name);
      }
      if (!json.isNull()) {
        handler.member(name);
      }
    });
  }

  /** Reads a part. */
  @FunctionalInterface
  private interface Step {
    void run() throws MalformedJsonException;
  }

  /** Reads an object with a single permitted field. */
  private void only(String field, Step step) throws MalformedJsonException {
    fields(Set.of(field), name -> step.run());
  }

  private Bytes bytes(int most) throws MalformedJsonException {
    return json.string().isEmpty() ? Bytes.of(new byte[0]) : Bytes.of(json.base64(most));
  }

  private long natural() throws MalformedJsonException {
    long value = json.int64();
    if (value < 0) {
      throw json.malformed("must not be negative");
    }
    return value;
  }
}
