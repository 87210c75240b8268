package dev.modelsigning.policy.internal.check;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerificationOutcome;
import dev.modelsigning.attestation.ModelSubject;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.content.ModelContents;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.policy.internal.check.Refusals.Kind;
import dev.modelsigning.policy.internal.claim.SignedAncestors;
import dev.modelsigning.policy.internal.rules.ForbidRule;
import dev.modelsigning.policy.internal.signer.AskedSigners;
import dev.modelsigning.policy.result.CheckedSignature;
import dev.modelsigning.report.FailureMessage;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the signature files that were given or found: first each signature, then the model
 * against what was signed. Files of the model are hashed once for equal manifests.
 */
final class ModelSignatures {

  /** The model is read once for each; signers of one model have one, or a few. */
  static final int MAX_MANIFESTS = 16;

  private final ModelSource model;
  private final AskedSigners signers;
  private final Set<String> needed;
  private final ForbidRule forbid;
  private final Reading reading;

  private final Refusals refusals = new Refusals();
  private final List<Candidate> candidates = new ArrayList<>();
  private final List<VerificationOutcome> failed = new ArrayList<>();
  private final SignedAncestors ancestors = new SignedAncestors();

  /**
   * The names of genuine signature files of the model that lie in it, and are no part of it. Those
   * of other models are, as nobody signed that they lie there.
   */
  private final Set<String> inModel = new LinkedHashSet<>();

  /** A signature that is genuine, whatever it is about. */
  private record Authentic(
      StoredBundle stored, Map<String, VerifiedPayload> payloads, Manifest manifest) {

    VerifiedPayload payload() {
      return payloads.values().iterator().next();
    }
  }

  /** Why a genuine signature is not one of the model as it is. */
  private record Difference(Kind kind, String why) {}

  /** A comparison with a manifest, and what is known of that. */
  private record Compared(VerificationOutcome outcome, ModelSubject subject, String coverage) {}

  private ModelSignatures(
      ModelSource model,
      AskedSigners signers,
      Set<String> needed,
      ForbidRule forbid,
      Reading reading) {
    this.model = model;
    this.signers = signers;
    this.needed = needed;
    this.forbid = forbid;
    this.reading = forbid.symlinks() ? reading.allowSymlinks(false) : reading;
  }

  /**
   * Verifies signature files.
   *
   * @param model the model
   * @param files the signature files
   * @param signers the signers of the policy
   * @param needed the names of those of whom the rule speaks. The trust files of others are opened
   *     only for a signature that is by none of these
   * @param forbid what the model must not have
   * @param reading how the model is read
   */
  static ModelSignatures verify(
      ModelSource model,
      Collection<Path> files,
      AskedSigners signers,
      Set<String> needed,
      ForbidRule forbid,
      Reading reading) {
    ModelSignatures all = new ModelSignatures(model, signers, needed, forbid, reading);
    List<Authentic> authentic = new ArrayList<>();
    // Those named after the model first: beside it may be the signatures of many others.
    String start = all.name() + ".";
    files.stream()
        .sorted(Comparator.comparing(file -> !String.valueOf(file.getFileName()).startsWith(start)))
        .forEach(file -> all.authenticate(file).ifPresent(authentic::add));
    all.compare(authentic);
    return all;
  }

  private String name() {
    try {
      return model.name();
    } catch (IOException e) {
      // It only decides about the order; whether the model can be read is found out later.
      return "";
    }
  }

  /** The signatures of the model. */
  List<Candidate> candidates() {
    return candidates;
  }

  /** The others, with the reason for each. */
  Refusals refusals() {
    return refusals;
  }

  /** Outcomes of signatures that are genuine, and from which the model differs. */
  List<VerificationOutcome> failed() {
    return failed;
  }

  /** The signers who were asked. */
  AskedSigners signers() {
    return signers;
  }

  /** Signatures of other models. */
  SignedAncestors ancestors() {
    return ancestors;
  }

  /** The names of genuine signature files of the model, as it is or was, that lie in it. */
  Set<String> inModel() {
    return inModel;
  }

  private Optional<Authentic> authenticate(Path file) {
    try {
      StoredBundle stored = StoredBundle.read(file);
      AskedSigners.Answer by = signers.whoSigned(stored.bundle(), needed);
      if (by.payloads().isEmpty()) {
        Kind kind =
            !by.unknown().isEmpty()
                ? Kind.UNTRUSTED
                : by.others().isEmpty() ? Kind.OTHER_METHOD : Kind.OTHER_SIGNER;
        Set<String> concerned = new LinkedHashSet<>(by.unknown().keySet());
        concerned.addAll(by.others().keySet());
        refusals.add(
            shown(file, stored, Map.of(), by.why("nobody in the policy")), kind, concerned);
        return Optional.empty();
      }
      try {
        // The statement may be relied on only now that the signature is verified.
        Statement statement = Statement.read(by.payload());
        return Optional.of(new Authentic(stored, by.payloads(), statement.manifest()));
      } catch (MalformedBundleException e) {
        refusals.add(
            shown(
                file,
                stored,
                by.payloads(),
                "it is not the signature of a model: " + e.getMessage()),
            Kind.UNREADABLE,
            Set.of());
      }
    } catch (IOException | MalformedBundleException e) {
      String why = FailureMessage.of(e);
      String place = file + ": ";
      // Where it is shown, its name is before it.
      refusals.add(
          shown(file, null, Map.of(), why.startsWith(place) ? why.substring(place.length()) : why),
          Kind.UNREADABLE,
          Set.of());
    }
    return Optional.empty();
  }

  private static CheckedSignature shown(
      Path file, @Nullable StoredBundle stored, Map<String, VerifiedPayload> payloads, String why) {
    Optional<VerifiedPayload> first = payloads.values().stream().findFirst();
    return new CheckedSignature(
        file,
        stored == null ? "" : stored.sha256(),
        List.copyOf(payloads.keySet()),
        first.map(VerifiedPayload::signer),
        first.isPresent() ? Candidate.times(payloads) : List.of(),
        false,
        why);
  }

  private void refuse(Authentic one, Kind kind, String why) {
    refusals.add(
        shown(one.stored().file(), one.stored(), one.payloads(), why),
        kind,
        one.payloads().keySet());
  }

  private void compare(List<Authentic> authentic) {
    List<Path> files = authentic.stream().map(one -> one.stored().file()).toList();
    Optional<ModelNames> names = Optional.empty();
    String unlisted = "";
    if (authentic.size() > 1) {
      try {
        names = Optional.of(ModelNames.of(model));
      } catch (IOException e) {
        unlisted = FailureMessage.of(e);
      }
    }
    Map<Manifest, Compared> known = new HashMap<>();
    @Nullable String strange = null;
    List<Authentic> verified = new ArrayList<>();
    for (Authentic one : authentic) {
      Optional<Difference> other =
          unlisted.isEmpty()
              ? otherContent(one, verified)
              : Optional.of(new Difference(Kind.CHANGED, unlisted));
      if (other.isEmpty()) {
        other = names.flatMap(it -> it.missing(one.manifest())).map(ModelSignatures::difference);
      }
      if (other.isEmpty()) {
        other = examine(one, files, known);
      }
      if (other.map(it -> it.kind() != Kind.OTHER_MODEL).orElse(true)) {
        nameInModel(one.stored().file()).ifPresent(inModel::add);
      }
      if (other.isEmpty()) {
        verified.add(one);
        continue;
      }
      ancestors.add(one.manifest().rootDigest().hex(), one.payloads().keySet());
      refuse(one, other.get().kind(), other.get().why());
      if (isInModel(one.stored().file())) {
        strange = one.stored().file().toString();
      }
    }
    if (strange != null && forbid.unsignedFiles()) {
      // It was left out of the comparison as a signature of this model, which it is not.
      String why = strange + " lies in the model, and is neither signed nor a signature of it";
      verified.forEach(one -> refuse(one, Kind.CHANGED, why));
      candidates.clear();
    }
  }

  private static Difference difference(ModelNames.Missing missing) {
    return missing.isMost()
        ? new Difference(Kind.OTHER_MODEL, "it is about another model: " + missing.text())
        : new Difference(
            Kind.CHANGED, "the model is not the one that was signed: " + missing.text());
  }

  /** Compares the model with a manifest, or uses what is known of an equal one. */
  private Optional<Difference> examine(
      Authentic one, List<Path> files, Map<Manifest, Compared> known) {
    @Nullable Compared before = known.get(one.manifest());
    if (before == null && known.size() == MAX_MANIFESTS) {
      return Optional.of(
          new Difference(
              Kind.CHANGED,
              "the model was compared with "
                  + MAX_MANIFESTS
                  + " other manifests before, and is not read again"));
    }
    VerificationOutcome outcome =
        examine(one, files, Optional.ofNullable(before).map(Compared::outcome));
    if (before == null) {
      before = new Compared(outcome, ModelSubject.of("", one.manifest()), coverage(one.manifest()));
      known.put(one.manifest(), before);
    }
    if (outcome.verified().isPresent()) {
      candidates.add(
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

  private boolean isInModel(Path file) {
    try {
      return model.nameOf(file).isPresent();
    } catch (IOException e) {
      // Whether it is excused must be known.
      return true;
    }
  }

  private Optional<String> nameInModel(Path file) {
    try {
      return model.nameOf(file);
    } catch (IOException e) {
      // Only for what is left out of a digest; whether it is excused is decided elsewhere.
      return Optional.empty();
    }
  }

  /**
   * Whether a file differs from one that was verified a moment ago, so that it is about another
   * model: found without reading the model.
   */
  private static Optional<Difference> otherContent(Authentic one, List<Authentic> verified) {
    Manifest manifest = one.manifest();
    for (Authentic known : verified) {
      Manifest found = known.manifest();
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

  private VerificationOutcome examine(
      Authentic one, List<Path> signatures, Optional<VerificationOutcome> before) {
    ModelVerifier.Builder builder =
        ModelVerifier.builder(new Verified(one.stored().bundle(), one.payload()))
            .reading(reading)
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
