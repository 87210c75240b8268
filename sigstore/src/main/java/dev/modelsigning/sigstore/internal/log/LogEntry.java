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
 * An entry of a transparency log, with the proof that it is in the log (Sigstore {@code
 * TransparencyLogEntry}). Reading it verifies nothing.
 *
 * @param logIndex the index of the entry, from 0
 * @param logId the log ID
 * @param kind the type of the entry
 * @param integratedTime the time of integration into the log, in seconds since 1970; 0 if the log
 *     provides none
 * @param signedEntryTimestamp the log's signature over the time and the entry
 * @param proof the proof of inclusion in the log
 * @param body the entry itself, as stored in the log
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
   * The type of an entry and the version of its format.
   *
   * @param name such as {@code dsse}
   * @param version such as {@code 0.0.1}
   */
  public record Kind(String name, String version) {

    /** The kind of entry that version 1 of the log stores for a payload (Rekor v1). */
    public static final Kind DSSE_V1 = new Kind("dsse", "0.0.1");

    static final Kind DSSE_V2 = new Kind("dsse", "0.0.2");
    static final Kind HASHED_REKORD_V2 = new Kind("hashedrekord", "0.0.2");
    static final Kind INTOTO_V2 = new Kind("intoto", "0.0.2");

    /** Whether logs with such entries provide times (Rekor v1). */
    boolean hasTime() {
      return equals(DSSE_V1) || equals(INTOTO_V2);
    }

    // What a record has is generated when it is first used, which takes as long as reading the
    // bundle.

    @Override
    public boolean equals(Object other) {
      return other instanceof Kind that && name.equals(that.name) && version.equals(that.version);
    }

    @Override
    public int hashCode() {
      return 31 * name.hashCode() + version.hashCode();
    }

    @Override
    public String toString() {
      return name + " " + version;
    }
  }

  /**
   * Proves that a leaf is in a tree (RFC 9162 2.1.3).
   *
   * @param index the index of the leaf in the tree
   * @param treeSize the number of leaves of the tree
   * @param hashes the siblings on the path to the root
   * @param rootHash the resulting root hash
   * @param checkpoint the signed statement of the log about the tree
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
   * Parses an entry.
   *
   * @throws MalformedBundleException if it is malformed
   */
  public static LogEntry parse(TransparencyLogEntry entry) throws MalformedBundleException {
    return LogEntryReader.read(entry);
  }

  /** The entry as stored in a bundle, in which numbers are strings, and zeros are written. */
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
