package dev.modelsigning.sigstore.internal.log;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.signing.VerificationTime.Source;
import dev.modelsigning.sigstore.internal.log.LogEntry.InclusionProof;
import dev.modelsigning.sigstore.internal.trust.TrustedLog;
import dev.modelsigning.sigstore.internal.trust.Validity;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Verifies that entries are included in a log of a trusted root: with the inclusion proof, the
 * signed checkpoint for it, and the signed entry timestamp if there is one.
 */
public final class LogEntryVerifier {

  /** The end of the year 9999, the limit of certificates (RFC 5280 4.1.2.5). */
  private static final long MAX_TIME = 253_402_300_799L;

  /** How far the clock of a log may be ahead of the local clock. */
  private static final Duration MAX_SKEW = Duration.ofMinutes(1);

  private final List<TrustedLog> logs;
  private final Instant latest = Instant.now().plus(MAX_SKEW);

  /** Creates a verifier with these logs, for the current time. */
  public LogEntryVerifier(List<TrustedLog> logs) {
    this.logs = logs;
  }

  /**
   * An entry that was verified to be in a trusted log.
   *
   * @param entry the entry
   * @param log the log
   * @param time the time of integration, if the log signed it
   */
  public record VerifiedLogEntry(LogEntry entry, TrustedLog log, Optional<VerificationTime> time) {

    /** The URL of the entry, or that of its log. */
    public String address() {
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
   * Verifies entries, except for their content. The key of a log must be valid at the time that the
   * log itself states, or, if it states none, at all times of the other entries and of the time
   * stamps: anyone who has a revoked key can forge entries of its log.
   *
   * @param entries the entries
   * @param timestamps the verified time stamps of the signature
   */
  public List<VerifiedLogEntry> verify(List<LogEntry> entries, List<VerificationTime> timestamps)
      throws VerificationException {
    List<VerifiedLogEntry> verified = new ArrayList<>();
    List<Instant> times = new ArrayList<>();
    timestamps.forEach(timestamp -> times.add(timestamp.instant()));
    for (LogEntry entry : entries) {
      VerifiedLogEntry one = verify(entry);
      one.time().ifPresent(time -> times.add(time.instant()));
      verified.add(one);
    }
    List<VerifiedLogEntry> valid = new ArrayList<>();
    for (VerifiedLogEntry one : verified) {
      valid.add(requireValidKey(one, times));
    }
    return valid;
  }

  private VerifiedLogEntry requireValidKey(VerifiedLogEntry verified, List<Instant> others)
      throws VerificationException {
    LogEntry entry = verified.entry();
    List<Instant> times =
        verified
            .time()
            .map(time -> List.of(time.instant()))
            .orElseGet(() -> {
              List<Instant> all = new ArrayList<>(others);
              if (entry.integratedTime() != 0) {
                // Signed, but by a kind of log whose times are not used.
                all.add(Instant.ofEpochSecond(entry.integratedTime()));
              }
              return all;
            });
    for (TrustedLog log : named(entry)) {
      if (log.key().equals(verified.log().key())
          && times.stream().allMatch(log.validity()::contains)) {
        return new VerifiedLogEntry(entry, log, verified.time());
      }
    }
    Validity validity = verified.log().validity();
    Instant outside =
        times.stream().filter(time -> !validity.contains(time)).findFirst().orElse(times.get(0));
    throw untrusted(
        entry, "at " + outside + " the key of the log was not valid: it is " + validity);
  }

  private List<TrustedLog> named(LogEntry entry) {
    return logs.stream().filter(log -> log.keyId().equals(entry.logId())).toList();
  }

  private VerifiedLogEntry verify(LogEntry entry) throws VerificationException {
    List<TrustedLog> named = named(entry);
    if (named.isEmpty()) {
      throw untrusted(
          entry,
          "the trusted root has no log "
              + HexFormat.of().formatHex(entry.logId().toArray())
              + "; is it of this Sigstore instance, and up to date?");
    }
    requireTime(entry);
    try {
      Checkpoint checkpoint = requireInclusion(entry);
      if (!checkpoint.isSignedBy(named.get(0))) {
        throw untrusted(entry, "the checkpoint is not signed by the log");
      }
      return new VerifiedLogEntry(
          entry, named.get(0), requirePromise(entry, named.get(0), checkpoint.origin()));
    } catch (GeneralSecurityException e) {
      throw new VerificationException(
          Reason.UNTRUSTED_LOG_ENTRY,
          "log entry " + entry.logIndex() + ": cannot be verified: " + e.getMessage(),
          e);
    }
  }

  /** Requires a time in the valid range, before any computation with it. */
  private void requireTime(LogEntry entry) throws VerificationException {
    long time = entry.integratedTime();
    if (time < 0 || time > MAX_TIME) {
      throw untrusted(
          entry, "its integratedTime is no time: expected seconds since 1970, found " + time);
    }
    if (Instant.ofEpochSecond(time).isAfter(latest)) {
      throw untrusted(
          entry, "its integratedTime " + Instant.ofEpochSecond(time) + " is in the future");
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

  /** Verifies the signed entry timestamp if there is one; without it there is no time. */
  private static Optional<VerificationTime> requirePromise(
      LogEntry entry, TrustedLog log, String origin)
      throws VerificationException, GeneralSecurityException {
    if (entry.signedEntryTimestamp().isEmpty()) {
      if (entry.integratedTime() != 0) {
        throw untrusted(entry, "its integratedTime is not signed: it has no signedEntryTimestamp");
      }
      if (entry.logIndex() != entry.proof().index()) {
        throw untrusted(
            entry,
            "its logIndex is not signed: expected "
                + entry.proof().index()
                + " as in the inclusion proof");
      }
      return Optional.empty();
    }
    if (!log.hasSigned(promised(entry), entry.signedEntryTimestamp().get())) {
      throw untrusted(entry, "the signedEntryTimestamp is not one by the log over this entry");
    }
    if (!entry.kind().hasTime()) {
      return Optional.empty();
    }
    if (entry.integratedTime() == 0) {
      throw untrusted(entry, "its integratedTime is 0: expected the time at which the log took it");
    }
    Instant time = Instant.ofEpochSecond(entry.integratedTime());
    return Optional.of(new VerificationTime(time, Source.TRANSPARENCY_LOG, origin));
  }

  /** The input of a signed entry timestamp, in canonical JSON: names sorted, no white space. */
  private static Bytes promised(LogEntry entry) {
    String body = Base64.getEncoder().encodeToString(entry.body().toArray());
    // Nothing in it needs an escape.
    String json =
        "{\"body\":\""
            + body
            + "\",\"integratedTime\":"
            + entry.integratedTime()
            + ",\"logID\":\""
            + HexFormat.of().formatHex(entry.logId().toArray())
            + "\",\"logIndex\":"
            + entry.logIndex()
            + "}";
    return Bytes.of(json.getBytes(StandardCharsets.US_ASCII));
  }

  private static VerificationException untrusted(LogEntry entry, String problem) {
    return new VerificationException(
        Reason.UNTRUSTED_LOG_ENTRY,
        "log entry " + entry.logIndex() + ": " + problem + " (OMS 8.2)");
  }
}
