package dev.modelsigning.policy.internal.check;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerificationOutcome;
import dev.modelsigning.attestation.ModelSubject;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.content.ModelContents;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.policy.internal.check.Refusals.Kind;
import dev.modelsigning.policy.internal.rules.ForbidRule;
import dev.modelsigning.report.FailureMessage;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerifiedPayload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares a model with what genuine signatures say of it. The model is read once for equal
 * manifests, and not for those that are seen to be about another model without that.
 */
final class ModelComparison {

  /** The model is read once for each; signers of one model have one, or a few. */
  static final int MAX_MANIFESTS = 16;

  private final ModelSource model;
  private final ForbidRule forbid;
  private final Reading reading;
  private final List<Path> signatures;

  /** What is in the model, if that is of use; a single signature is compared without. */
  private final Optional<ModelNames> names;

  /** Why the model cannot be listed; empty if it can. */
  private final String unlisted;

  private final Map<Manifest, Compared> known = new HashMap<>();
  private final List<Manifest> verified = new ArrayList<>();
  private final List<Candidate> candidates = new ArrayList<>();

  /** What is known of files, by their digests. */
  private final Map<String, Candidate> counted = new HashMap<>();

  private final Map<String, Difference> differences = new HashMap<>();
  private final List<VerificationOutcome> failed = new ArrayList<>();

  /** Why a genuine signature is not one of the model as it is. */
  record Difference(Kind kind, String why) {}

  /** A comparison with a manifest, and what is known of that. */
  private record Compared(VerificationOutcome outcome, ModelSubject subject, String coverage) {}

  private ModelComparison(
      ModelSource model,
      ForbidRule forbid,
      Reading reading,
      List<Path> signatures,
      Optional<ModelNames> names,
      String unlisted) {
    this.model = model;
    this.forbid = forbid;
    this.reading = reading;
    this.signatures = signatures;
    this.names = names;
    this.unlisted = unlisted;
  }

  /**
   * Returns a comparison of a model.
   *
   * @param model the model
   * @param forbid what it must not have
   * @param reading how it is read
   * @param all the genuine signatures, whose files may lie in the model
   */
  static ModelComparison of(
      ModelSource model, ForbidRule forbid, Reading reading, List<Authentic> all) {
    List<Path> files = all.stream().flatMap(one -> one.stored().file().stream()).toList();
    Optional<ModelNames> names = Optional.empty();
    String unlisted = "";
    if (all.size() > 1) {
      try {
        names = Optional.of(ModelNames.of(model));
      } catch (IOException e) {
        unlisted = FailureMessage.of(e);
      }
    }
    return new ModelComparison(model, forbid, reading, files, names, unlisted);
  }

  /** The signatures of the model among those that were compared. */
  List<Candidate> candidates() {
    return candidates;
  }

  /** Outcomes of signatures from which the model differs. */
  List<VerificationOutcome> failed() {
    return failed;
  }

  /**
   * Why a signature is not one of the model; empty if it is. Copies of a file, of which a stranger
   * may make many, are not compared again.
   */
  Optional<Difference> compare(Authentic one) {
    if (!unlisted.isEmpty()) {
      return Optional.of(new Difference(Kind.CHANGED, unlisted));
    }
    String file = one.stored().sha256();
    @Nullable Candidate copied = counted.get(file);
    if (copied != null) {
      add(copied.in(one.stored()));
      return Optional.empty();
    }
    @Nullable Difference known = differences.get(file);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Difference> found =
        otherContent(one.manifest())
            .or(() ->
                names.flatMap(it -> it.missing(one.manifest())).map(ModelComparison::difference))
            .or(() -> examine(one));
    found.ifPresent(it -> differences.put(file, it));
    return found;
  }

  private void add(Candidate one) {
    candidates.add(one);
    counted.put(one.stored().sha256(), one);
  }

  /** Compares the model with a manifest, or uses what is known of an equal one. */
  private Optional<Difference> examine(Authentic one) {
    @Nullable Compared before = known.get(one.manifest());
    if (before == null && known.size() == MAX_MANIFESTS) {
      return Optional.of(
          new Difference(
              Kind.CHANGED,
              "the model was compared with "
                  + MAX_MANIFESTS
                  + " other manifests before, and is not read again"));
    }
    VerificationOutcome outcome = examine(one, Optional.ofNullable(before).map(Compared::outcome));
    if (before == null) {
      before = new Compared(outcome, ModelSubject.of("", one.manifest()), coverage(one.manifest()));
      known.put(one.manifest(), before);
      if (outcome.verified().isPresent()) {
        verified.add(one.manifest());
      }
    }
    if (outcome.verified().isPresent()) {
      add(
          new Candidate(
              one.stored(),
              one.payloads(),
              outcome.verified().get(),
              before.subject(),
              before.coverage()));
      return Optional.empty();
    }
    failed.add(outcome);
    return Optional.of(
        outcome
            .comparison()
            .filter(result -> !result.diff().isEmpty())
            .map(result -> difference(one.manifest(), result.diff()))
            .orElseGet(() ->
                new Difference(
                    Kind.CHANGED,
                    outcome
                        .failure()
                        .map(FailureMessage::of)
                        .orElse("it was not compared to the end"))));
  }

  private static Difference difference(ModelNames.Missing missing) {
    return missing.isMost()
        ? new Difference(Kind.OTHER_MODEL, "it is about another model: " + missing.text())
        : new Difference(
            Kind.CHANGED, "the model is not the one that was signed: " + missing.text());
  }

  /** Most of what was signed is missing, if it is the signature of another model. */
  private static Difference difference(Manifest manifest, ManifestDiff diff) {
    return diff.missing().size() > manifest.fileCount() / 2
        ? new Difference(Kind.OTHER_MODEL, "it is about another model: " + Differences.text(diff))
        : new Difference(
            Kind.CHANGED, "the model is not the one that was signed: " + Differences.text(diff));
  }

  private static String coverage(Manifest manifest) {
    MessageDigest function = sha256();
    manifest.paths().stream()
        .sorted()
        .forEach(path -> {
          function.update(path.getBytes(StandardCharsets.UTF_8));
          function.update((byte) 0);
        });
    return HexFormat.of().formatHex(function.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Whether a file differs from one that was verified a moment ago, so that it is about another
   * model: found without reading the model.
   */
  private Optional<Difference> otherContent(Manifest manifest) {
    for (Manifest found : verified) {
      if (isHashedAlike(manifest.serialization(), found.serialization())) {
        for (String path : manifest.paths()) {
          if (found.hasFile(path) && !found.resourcesOf(path).equals(manifest.resourcesOf(path))) {
            return Optional.of(
                new Difference(
                    Kind.OTHER_MODEL,
                    "it is about another model: " + Printable.quote(path) + " has another digest"));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isHashedAlike(Serialization one, Serialization other) {
    return one.hashAlgorithm() == other.hashAlgorithm()
        && one.method().equals(other.method())
        && (!(one instanceof Serialization.Shards shards)
            || (other instanceof Serialization.Shards more
                && shards.shardSize() == more.shardSize()));
  }

  private VerificationOutcome examine(Authentic one, Optional<VerificationOutcome> before) {
    ModelVerifier.Builder builder =
        ModelVerifier.builder(new Verified(one.stored().bundle(), one.payload()))
            // What was not read was not searched either.
            .reading(forbid.code().isEmpty() ? reading : reading.onlyRead())
            .ignoreUnsignedFiles(!forbid.unsignedFiles())
            .otherSignatures(signatures);
    if (!forbid.code().isEmpty()) {
      builder.inspector(ModelContents.INSTANCE);
    }
    ModelVerifier verifier = builder.build();
    // Each has a proof of its own, with its own signer.
    return before.isPresent()
        ? verifier.examine(model, one.stored(), before.get())
        : verifier.examine(model, one.stored());
  }

  /** Hands out the payload of a bundle that was verified before. */
  private record Verified(Bundle bundle, VerifiedPayload payload) implements BundleVerifier {

    @Override
    public VerifiedPayload verify(Bundle other) throws VerificationException {
      if (!other.equals(bundle)) {
        throw new VerificationException(
            Reason.INVALID_SIGNATURE, "this is another bundle than the one that was verified");
      }
      return payload;
    }
  }
}
