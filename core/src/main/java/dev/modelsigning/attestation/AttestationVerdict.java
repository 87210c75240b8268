package dev.modelsigning.attestation;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.document.ReportJson;
import dev.modelsigning.internal.json.JsonText;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.report.Amounts;
import dev.modelsigning.report.Facts;
import dev.modelsigning.report.FailureMessage;
import dev.modelsigning.report.FailureReason;
import dev.modelsigning.report.Verdict;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on the attestations of one type about a model, as data. It is positive if the model
 * is verified and at least one attestation of the type counts. It is not a proof: programs must
 * rely on the {@link AttestationOutcome}.
 */
public final class AttestationVerdict {

  /** How many lines of a predicate are shown by default: more than people read. */
  private static final int PREDICATE_LINES = 1_000;

  private final Verdict model;
  private final @Nullable AttestationOutcome outcome;
  private final @Nullable Finding reason;

  private AttestationVerdict(
      Verdict model, @Nullable AttestationOutcome outcome, @Nullable Finding reason) {
    this.model = model;
    this.outcome = outcome;
    this.reason = reason;
  }

  /**
   * Returns the verdict on a model that is verified.
   *
   * @param model the verdict on the model and its signature
   * @param outcome the claims about it
   */
  public static AttestationVerdict of(Verdict model, AttestationOutcome outcome) {
    Finding reason = null;
    if (!model.isVerified()) {
      reason = model.reason().orElseThrow();
    } else if (outcome.attestations().isEmpty()) {
      reason = Finding.of(Reason.NO_ATTESTATION.rule(), missing(outcome));
    }
    return new AttestationVerdict(model, outcome, reason);
  }

  /**
   * Returns the verdict for a model that is not verified, or claims that could not be read.
   *
   * @param model the verdict on the model and its signature
   * @param failure why there is no outcome
   * @throws IllegalArgumentException if it is an exception that is a defect and not a verdict
   */
  public static AttestationVerdict failed(Verdict model, Exception failure) {
    Finding why =
        FailureReason.rule(failure)
            .map(rule -> Finding.of(rule, FailureMessage.of(failure)))
            .orElseThrow(() -> new IllegalArgumentException("not a verdict", failure));
    return new AttestationVerdict(model, null, why);
  }

  private static String missing(AttestationOutcome outcome) {
    String message =
        "no attestation of the type " + outcome.predicateType() + " about this model counts";
    List<String> others = new ArrayList<>();
    if (outcome.otherTypes() > 0) {
      others.add(
          Amounts.of(outcome.otherTypes(), "claim")
              + " of other types ("
              + outcome.foundTypes().stream()
                  .map(Printable::brief)
                  .collect(Collectors.joining(", "))
              + (outcome.foundTypes().size() < AttestationOutcome.MAX_TYPES ? "" : ", ...")
              + ")");
    }
    // A claims file may be shared by models, whose claims say nothing about this one.
    if (outcome.otherModels() > 0) {
      others.add(Amounts.of(outcome.otherModels(), "claim") + " about other models");
    }
    if (outcome.allRefused() == 0) {
      return message
          + (others.isEmpty()
              ? ": there are no claims"
              : ": found " + String.join(" and ", others));
    }
    Optional<RefusedClaim> ours =
        outcome.refused().stream().filter(one -> !one.isAboutAnotherModel()).findFirst();
    if (ours.isEmpty()) {
      return message
          + ": found "
          + String.join(" and ", others)
          + ", "
          + described(outcome.refused().get(0));
    }
    long refused = outcome.allRefused() - outcome.otherModels();
    return message
        + ": "
        + Amounts.of(refused, "claim")
        + (refused == 1 ? " does" : " do")
        + " not count"
        + (others.isEmpty() ? "" : " (besides " + String.join(" and ", others) + ")")
        + ", "
        + described(ours.get());
  }

  private static String described(RefusedClaim claim) {
    return claim.place() + ": " + claim.why().message();
  }

  /** Returns the same verdict with its messages rewritten, such as to redact a secret. */
  public AttestationVerdict withMessages(UnaryOperator<String> rewriting) {
    return new AttestationVerdict(
        model.withMessages(rewriting),
        outcome == null ? null : outcome.withMessages(rewriting),
        reason == null ? null : AttestationOutcome.rewritten(reason, rewriting));
  }

  /** Whether the model is verified and an attestation of the type counts. */
  public boolean isVerified() {
    return reason == null;
  }

  /** The verdict on the model and its signature. */
  public Verdict model() {
    return model;
  }

  /** The claims; empty if the model is not verified. */
  public Optional<AttestationOutcome> outcome() {
    return Optional.ofNullable(outcome);
  }

  /** Why it is negative, with a rule of severity {@code ERROR}. */
  public Optional<Finding> reason() {
    return Optional.ofNullable(reason);
  }

  /**
   * Fails if the model is verified and no attestation counts.
   *
   * @throws VerificationException with the reason {@link Reason#NO_ATTESTATION}
   */
  public void requireAttestation() throws VerificationException {
    if (outcome != null && reason != null) {
      throw new VerificationException(Reason.NO_ATTESTATION, reason.message());
    }
  }

  /** The first line. */
  public String headline() {
    AttestationOutcome known = Objects.requireNonNull(outcome);
    return model.headline() + ", with " + Amounts.of(known.attestations().size(), "attestation");
  }

  /**
   * The lines below the headline, about what was verified, made one attestation after the other.
   * The caller must escape each.
   *
   * @param most the largest number of lines of a list. Of a predicate there are at most 1,000,
   *     unless this is larger
   */
  public Stream<String> lines(int most) {
    if (outcome == null) {
      return Stream.empty();
    }
    Facts facts =
        new Facts()
            .add("model", model.model())
            .add("digest", "sha256:" + outcome.subject().rootDigest())
            .add("names", "sha256:" + outcome.subject().namesDigest())
            .add("type", outcome.predicateType());
    if (outcome.otherTypes() > 0) {
      facts.add("other types", Amounts.of(outcome.otherTypes(), "claim"));
    }
    if (outcome.otherModels() > 0) {
      facts.add("other models", Amounts.of(outcome.otherModels(), "claim"));
    }
    return Stream.concat(
        facts.lines(most).stream(),
        outcome.attestations().stream().flatMap(each -> lines(each, most).stream()));
  }

  private static List<String> lines(Attestation attestation, int most) {
    List<String> lines = new ArrayList<>();
    lines.add("Attestation in " + attestation.place());
    lines.addAll(
        new Facts()
            .addSigner(attestation.signer())
            .addTimes(attestation.times())
            .addList("note", attestation.findings().stream().map(Finding::message).toList())
            .lines(most));
    lines.add("  predicate, as the signer states it; nothing of this was checked");
    attestation
        .statement()
        .predicate()
        .map(text -> JsonText.lines(text, Math.max(most, PREDICATE_LINES)))
        .orElse(List.of("(none)"))
        .forEach(line -> lines.add("    " + line));
    return lines;
  }

  /**
   * The claims that do not count, with the reason for each. Those about other models are only
   * counted, among the facts or in the reason.
   *
   * @param most the largest number of lines
   */
  public List<String> refused(int most) {
    if (outcome == null) {
      return List.of();
    }
    List<String> lines =
        outcome.refused().stream()
            .filter(claim -> !claim.isAboutAnotherModel())
            .limit(most)
            .map(claim -> claim.place() + ": does not count: " + claim.why().message())
            .collect(Collectors.toCollection(ArrayList::new));
    long more = outcome.allRefused() - outcome.otherModels() - lines.size();
    if (more > 0) {
      lines.add("... and " + more + " more claims that do not count");
    }
    return lines;
  }

  /**
   * Writes it as one JSON object on one line, in ASCII.
   *
   * @param out the stream, which is not closed
   * @throws IOException if it cannot be written
   */
  public void writeJson(OutputStream out) throws IOException {
    JsonWriter.asciiDocument(out, this::write);
    out.write('\n');
  }

  private void write(JsonWriter json) {
    json.bool("verified", isVerified());
    ReportJson.writeHeader(json);
    json.string("model", model.model());
    reason()
        .ifPresent(
            why -> json.string("reason", why.rule().code()).string("message", why.message()));
    if (outcome == null) {
      json.array("attestations", list -> {}).array("refused", list -> {});
    } else {
      json.string("predicateType", outcome.predicateType());
      AttestationJson.writeSubject(outcome.subject(), json);
      model.signer().ifPresent(signer -> AttestationJson.writeSigner(signer, model.times(), json));
      json.array(
              "attestations",
              list -> outcome.attestations().forEach(one -> AttestationJson.write(one, list)))
          .array(
              "refused", list -> outcome.refused().forEach(one -> AttestationJson.write(one, list)))
          .integer("moreRefused", outcome.moreRefused())
          .integer("otherModels", outcome.otherModels())
          .integer("otherTypes", outcome.otherTypes());
    }
    ReportJson.writeFindings(findings(), model.warnings().toList(), json);
  }

  /** The reason first, if there is one, then what else was found about the model. */
  private List<Finding> findings() {
    return model.isVerified()
        ? Stream.concat(reason().stream(), model.warnings()).toList()
        : model.findings();
  }
}
