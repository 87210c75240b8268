package dev.modelsigning.sigstore;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.TransparencyLogEntry;
import dev.modelsigning.json.JsonWriter;
import dev.modelsigning.json.Printable;
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
record LogEntry(
    long logIndex,
    Bytes logId,
    Kind kind,
    long integratedTime,
    Optional<Bytes> signedEntryTimestamp,
    InclusionProof proof,
    Bytes body) {

  /** Logs of today have proofs of 13 to 30 hashes. */
  private static final int MAX_HASHES = 64;

  /**
   * What an entry is about and in which form it says so.
   *
   * @param name such as {@code dsse}
   * @param version such as {@code 0.0.1}
   */
  record Kind(String name, String version) {

    static final Kind DSSE_V1 = new Kind("dsse", "0.0.1");
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
  record InclusionProof(
      long index, long treeSize, List<Bytes> hashes, Bytes rootHash, String checkpoint) {

    InclusionProof {
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

  static LogEntry parse(TransparencyLogEntry entry) throws MalformedBundleException {
    dev.sigstore.proto.rekor.v1.TransparencyLogEntry.Builder read =
        dev.sigstore.proto.rekor.v1.TransparencyLogEntry.newBuilder();
    try {
      JsonFormat.parser().ignoringUnknownFields().merge(entry.json(), read);
    } catch (InvalidProtocolBufferException e) {
      MalformedBundleException malformed =
          malformed("not an entry of a log: " + Printable.escape("" + e.getMessage()));
      malformed.initCause(e);
      throw malformed;
    }
    if (!read.hasInclusionProof() || !read.getInclusionProof().hasCheckpoint()) {
      throw malformed("inclusionProof.checkpoint: is missing");
    }
    if (read.getCanonicalizedBody().isEmpty()) {
      throw malformed("canonicalizedBody: is missing");
    }
    byte[] promise = read.getInclusionPromise().getSignedEntryTimestamp().toByteArray();
    return new LogEntry(
        natural("logIndex", read.getLogIndex()),
        Bytes.of(read.getLogId().getKeyId().toByteArray()),
        new Kind(read.getKindVersion().getKind(), read.getKindVersion().getVersion()),
        natural("integratedTime", read.getIntegratedTime()),
        promise.length == 0 ? Optional.empty() : Optional.of(Bytes.of(promise)),
        proof(read.getInclusionProof()),
        Bytes.of(read.getCanonicalizedBody().toByteArray()));
  }

  /** The entry as it stands in a bundle. Numbers are strings there, and zeros are written. */
  String toJson() {
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

  private static InclusionProof proof(dev.sigstore.proto.rekor.v1.InclusionProof read)
      throws MalformedBundleException {
    if (read.getHashesCount() > MAX_HASHES) {
      throw malformed("inclusionProof.hashes: more than " + MAX_HASHES);
    }
    return new InclusionProof(
        natural("inclusionProof.logIndex", read.getLogIndex()),
        natural("inclusionProof.treeSize", read.getTreeSize()),
        read.getHashesList().stream().map(hash -> Bytes.of(hash.toByteArray())).toList(),
        Bytes.of(read.getRootHash().toByteArray()),
        read.getCheckpoint().getEnvelope());
  }

  private static long natural(String name, long value) throws MalformedBundleException {
    if (value < 0) {
      throw malformed(name + ": must not be negative");
    }
    return value;
  }

  private static MalformedBundleException malformed(String problem) {
    return new MalformedBundleException(
        "bundle: verificationMaterial.tlogEntries: " + problem + " (OMS 8.1)");
  }
}
