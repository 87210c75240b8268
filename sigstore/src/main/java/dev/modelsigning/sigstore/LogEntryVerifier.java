package dev.modelsigning.sigstore;

import dev.modelsigning.VerificationException;
import dev.modelsigning.VerificationException.Reason;
import dev.modelsigning.VerificationTime;
import dev.modelsigning.VerificationTime.Source;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.json.JsonWriter;
import dev.modelsigning.sigstore.LogEntry.InclusionProof;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Verifies that entries are in a log of a trusted root: by the inclusion proof, the signed
 * checkpoint that it leads to, and the signed entry timestamp where there is one.
 */
final class LogEntryVerifier {

  private final List<TrustedLog> logs;

  LogEntryVerifier(List<TrustedLog> logs) {
    this.logs = logs;
  }

  /**
   * An entry that is in a trusted log.
   *
   * @param entry the entry
   * @param log the log
   * @param time when the log took it, where it signed that
   */
  record VerifiedLogEntry(LogEntry entry, TrustedLog log, Optional<VerificationTime> time) {

    /** The address under which the log shows the entry, or that of the log. */
    String address() {
      String base = log.baseUrl();
      if (base.equals("https://rekor.sigstore.dev")) {
        return "https://search.sigstore.dev/?logIndex=" + entry.logIndex();
      }
      return entry.kind().hasTime()
          ? base + "/api/v1/log/entries?logIndex=" + entry.logIndex()
          : base;
    }
  }

  /**
   * Verifies one entry. What it is about is not looked at.
   *
   * @param entry the entry
   * @param timestamps the verified time stamps of the signature, which say when an entry was made
   *     whose log does not
   */
  VerifiedLogEntry verify(LogEntry entry, List<VerificationTime> timestamps)
      throws VerificationException {
    List<TrustedLog> named =
        logs.stream().filter(log -> log.keyId().equals(entry.logId())).toList();
    if (named.isEmpty()) {
      throw untrusted(
          entry,
          "the trusted root has no log "
              + HexFormat.of().formatHex(entry.logId().toArray())
              + "; is it of this Sigstore instance, and up to date?");
    }
    try {
      Checkpoint checkpoint = requireInclusion(entry);
      if (!checkpoint.isSignedBy(named.get(0))) {
        throw untrusted(entry, "the checkpoint is not signed by the log");
      }
      Optional<VerificationTime> time = requirePromise(entry, named.get(0), checkpoint.origin());
      List<Instant> times = new ArrayList<>();
      time.map(VerificationTime::instant).ifPresent(times::add);
      if (times.isEmpty()) {
        timestamps.forEach(timestamp -> times.add(timestamp.instant()));
      }
      for (TrustedLog log : named) {
        if (times.stream().allMatch(log.validity()::contains)) {
          return new VerifiedLogEntry(entry, log, time);
        }
      }
      throw untrusted(
          entry,
          "at "
              + times.get(0)
              + " the key of the log was not valid: it is "
              + named.get(0).validity());
    } catch (GeneralSecurityException e) {
      throw new VerificationException(
          Reason.UNTRUSTED_LOG_ENTRY,
          "log entry " + entry.logIndex() + ": cannot be verified: " + e.getMessage(),
          e);
    }
  }

  private static Checkpoint requireInclusion(LogEntry entry) throws VerificationException {
    InclusionProof proof = entry.proof();
    if (!MerkleTree.includes(
        MerkleTree.leafHash(entry.body()),
        proof.index(),
        proof.treeSize(),
        proof.hashes(),
        proof.rootHash())) {
      throw untrusted(entry, "the inclusion proof does not lead to inclusionProof.rootHash");
    }
    Checkpoint checkpoint;
    try {
      checkpoint = Checkpoint.parse(proof.checkpoint());
    } catch (IllegalArgumentException e) {
      throw new VerificationException(
          Reason.UNTRUSTED_LOG_ENTRY,
          "log entry " + entry.logIndex() + ": the checkpoint is damaged: " + e.getMessage(),
          e);
    }
    if (checkpoint.treeSize() != proof.treeSize()) {
      throw untrusted(
          entry,
          "the checkpoint is about a tree of "
              + checkpoint.treeSize()
              + " entries, the inclusion proof about one of "
              + proof.treeSize());
    }
    if (!checkpoint.rootHash().equals(proof.rootHash())) {
      throw untrusted(entry, "the checkpoint has another root hash than the inclusion proof");
    }
    return checkpoint;
  }

  /** Verifies the signed entry timestamp if there is one; without it nothing says the time. */
  private static Optional<VerificationTime> requirePromise(
      LogEntry entry, TrustedLog log, String origin)
      throws VerificationException, GeneralSecurityException {
    if (entry.signedEntryTimestamp().isEmpty()) {
      if (entry.integratedTime() != 0) {
        throw untrusted(entry, "nobody signed its integratedTime: it has no signedEntryTimestamp");
      }
      if (entry.logIndex() != entry.proof().index()) {
        throw untrusted(
            entry,
            "nobody signed its logIndex: expected "
                + entry.proof().index()
                + " as in the inclusion proof");
      }
      return Optional.empty();
    }
    if (!log.hasSigned(promised(entry), entry.signedEntryTimestamp().get())) {
      throw untrusted(entry, "the signedEntryTimestamp is not one by the log over this entry");
    }
    if (entry.integratedTime() == 0 || !entry.kind().hasTime()) {
      return Optional.empty();
    }
    Instant time = Instant.ofEpochSecond(entry.integratedTime());
    return Optional.of(new VerificationTime(time, Source.TRANSPARENCY_LOG, origin));
  }

  /** What a signed entry timestamp is over, in canonical JSON: names sorted, no white space. */
  private static Bytes promised(LogEntry entry) {
    String body = Base64.getEncoder().encodeToString(entry.body().toArray());
    return Bytes.of(
        JsonWriter.document(json ->
            json.string("body", body)
                .integer("integratedTime", entry.integratedTime())
                .string("logID", HexFormat.of().formatHex(entry.logId().toArray()))
                .integer("logIndex", entry.logIndex())));
  }

  private static VerificationException untrusted(LogEntry entry, String problem) {
    return new VerificationException(
        Reason.UNTRUSTED_LOG_ENTRY,
        "log entry " + entry.logIndex() + ": " + problem + " (OMS 8.2)");
  }
}
