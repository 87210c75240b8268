package dev.modelsigning.sigstore.internal.log;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.TransparencyLogEntry;
import dev.modelsigning.internal.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * An entry of a transparency log, with what proves that it is in the log (Sigstore {@code
 * TransparencyLogEntry}). Reading it verifies nothing.
 *
 * @param logIndex the number of the entry, counted from 0
 * @param logId which log
 * @param kind what the entry is about
 * @param integratedTime when the log took it, in seconds since 1970; 0 if the log does not say
 * @param signedEntryTimestamp the log's signature over the time and the entry
 * @param proof that the entry is in the log
 * @param body the entry itself, as the log keeps it
 */
public record LogEntry(
    long logIndex,
    Bytes logId,
    Kind kind,
    long integratedTime,
    Optional<Bytes> signedEntryTimestamp,
    InclusionProof proof,
    Bytes body) {

  /**
   * What an entry is about and in which form it says so.
   *
   * @param name such as {@code dsse}
   * @param version such as {@code 0.0.1}
   */
  public record Kind(String name, String version) {

    /** What version 1 of the log records for a payload (Rekor v1). */
    public static final Kind DSSE_V1 = new Kind("dsse", "0.0.1");

    static final Kind DSSE_V2 = new Kind("dsse", "0.0.2");
    static final Kind HASHED_REKORD_V2 = new Kind("hashedrekord", "0.0.2");
    static final Kind INTOTO_V2 = new Kind("intoto", "0.0.2");

    /** Whether logs that make such entries state times (Rekor v1). */
    boolean hasTime() {
      return equals(DSSE_V1) || equals(INTOTO_V2);
    }

    @Override
    public String toString() {
      return name + " " + version;
    }
  }

  /**
   * Proves that a leaf is in a tree (RFC 9162 2.1.3).
   *
   * @param index the number of the leaf in the tree
   * @param treeSize how many leaves the tree has
   * @param hashes the siblings on the way up
   * @param rootHash where it leads
   * @param checkpoint what the log signed about the tree
   */
  public record InclusionProof(
      long index, long treeSize, List<Bytes> hashes, Bytes rootHash, String checkpoint) {

    /** Copies the hashes. */
    public InclusionProof {
      hashes = List.copyOf(hashes);
    }

    private void write(JsonWriter json) {
      json.string("logIndex", Long.toString(index))
          .string("rootHash", base64(rootHash))
          .string("treeSize", Long.toString(treeSize))
          .array("hashes", list -> hashes.forEach(hash -> list.string(base64(hash))))
          .object("checkpoint", fields -> fields.string("envelope", checkpoint));
    }
  }

  /**
   * Reads an entry.
   *
   * @throws MalformedBundleException if it is not one
   */
  public static LogEntry parse(TransparencyLogEntry entry) throws MalformedBundleException {
    return LogEntryReader.read(entry);
  }

  /** The entry as it stands in a bundle. Numbers are strings there, and zeros are written. */
  public String toJson() {
    return new String(
        JsonWriter.document(json -> {
          json.string("logIndex", Long.toString(logIndex))
              .object("logId", id -> id.string("keyId", base64(logId)))
              .object(
                  "kindVersion",
                  fields -> fields.string("kind", kind.name()).string("version", kind.version()));
          signedEntryTimestamp.ifPresent(promise ->
              json.string("integratedTime", Long.toString(integratedTime))
                  .object(
                      "inclusionPromise",
                      fields -> fields.string("signedEntryTimestamp", base64(promise))));
          json.object("inclusionProof", proof::write).string("canonicalizedBody", base64(body));
        }),
        StandardCharsets.UTF_8);
  }

  private static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.toArray());
  }
}
