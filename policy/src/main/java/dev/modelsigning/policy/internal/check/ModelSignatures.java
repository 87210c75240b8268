package dev.modelsigning.policy.internal.check;

import dev.modelsigning.VerificationOutcome;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.policy.internal.check.ModelComparison.Difference;
import dev.modelsigning.policy.internal.check.Refusals.Kind;
import dev.modelsigning.policy.internal.claim.SignedAncestors;
import dev.modelsigning.policy.internal.rules.ForbidRule;
import dev.modelsigning.policy.internal.rules.SignatureRule;
import dev.modelsigning.policy.internal.signer.AskedSigners;
import dev.modelsigning.policy.result.CheckedSignature;
import dev.modelsigning.policy.result.UnreadSignature;
import dev.modelsigning.report.FailureMessage;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.signingkey.MlDsaScheme;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
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

  private final ModelSource model;
  private final AskedSigners signers;
  private final Set<String> needed;
  private final Optional<SignatureRule> who;
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

  /** By the digest of their files: whoever copies one must not have each copy verified and kept. */
  private final Map<String, Authentic> known = new HashMap<>();

  /** Equal manifests are kept once. */
  private final Map<Manifest, Manifest> manifests = new HashMap<>();

  private ModelSignatures(
      ModelSource model,
      AskedSigners signers,
      Set<String> needed,
      Optional<SignatureRule> who,
      ForbidRule forbid,
      Reading reading) {
    this.who = who;
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
   * @param bundles signatures that are in no file
   * @param unread signatures that could not be read
   * @param signers the signers of the policy
   * @param needed the names of those of whom the rule speaks. The trust files of others are opened
   *     only for a signature that is by none of these
   * @param who who must have signed, and with which algorithms
   * @param forbid what the model must not have
   * @param reading how the model is read
   */
  static ModelSignatures verify(
      ModelSource model,
      Collection<Path> files,
      Collection<StoredBundle> bundles,
      Collection<UnreadSignature> unread,
      AskedSigners signers,
      Set<String> needed,
      Optional<SignatureRule> who,
      ForbidRule forbid,
      Reading reading) {
    ModelSignatures all = new ModelSignatures(model, signers, needed, who, forbid, reading);
    List<Authentic> authentic = new ArrayList<>();
    // Those named after the model first: beside it may be the signatures of many others.
    String start = all.name() + ".";
    files.stream()
        .sorted(Comparator.comparing(file -> !String.valueOf(file.getFileName()).startsWith(start)))
        .forEach(file -> all.authenticate(file).ifPresent(authentic::add));
    bundles.forEach(bundle -> all.authenticate(bundle).ifPresent(authentic::add));
    unread.forEach(one -> all.refuseUnread(one.location(), one.why()));
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
      return authenticate(StoredBundle.read(file));
    } catch (IOException | MalformedBundleException e) {
      String why = FailureMessage.of(e);
      String place = file + ": ";
      // Where it is shown, its name is before it.
      refuseUnread(file.toString(), why.startsWith(place) ? why.substring(place.length()) : why);
      return Optional.empty();
    }
  }

  private void refuseUnread(String location, String why) {
    refusals.add(shown(location, null, Map.of(), why), Kind.UNREADABLE, Set.of());
  }

  private Optional<Authentic> authenticate(StoredBundle stored) {
    @Nullable Authentic copied = known.get(stored.sha256());
    if (copied != null) {
      Bundle same = copied.stored().bundle();
      return Optional.of(
          new Authentic(
              new StoredBundle(
                  stored.location(), stored.file(), same, stored.size(), stored.sha256()),
              copied.payloads(),
              copied.manifest()));
    }
    AskedSigners.Answer by = signers.whoSigned(stored.bundle(), needed);
    if (by.payloads().isEmpty()) {
      Kind kind =
          !by.unknown().isEmpty()
              ? Kind.UNTRUSTED
              : by.others().isEmpty() ? Kind.OTHER_METHOD : Kind.OTHER_SIGNER;
      Set<String> concerned = new LinkedHashSet<>(by.unknown().keySet());
      concerned.addAll(by.others().keySet());
      refusals.add(
          shown(stored.location(), stored, Map.of(), by.why("nobody in the policy")),
          kind,
          concerned);
      return Optional.empty();
    }
    String scheme = Candidate.scheme(by.payload().signer());
    if (MlDsaScheme.named(scheme).isPresent()
        && !who.map(rule -> rule.accepts(scheme)).orElse(false)) {
      refusals.add(
          shown(
              stored.location(),
              stored,
              by.payloads(),
              "it is signed with "
                  + scheme
                  + ", which OMS v1.0 does not have and the rule does not ask for"
                  + " (signatures: algorithms)"),
          Kind.OTHER_METHOD,
          Set.of());
      return Optional.empty();
    }
    try {
      // The statement may be relied on only now that the signature is verified.
      Statement statement = Statement.read(by.payload());
      Manifest manifest = statement.manifest();
      Authentic one =
          new Authentic(stored, by.payloads(), manifests.computeIfAbsent(manifest, same -> same));
      known.put(stored.sha256(), one);
      return Optional.of(one);
    } catch (MalformedBundleException e) {
      refusals.add(
          shown(
              stored.location(),
              stored,
              by.payloads(),
              "it is not the signature of a model: " + e.getMessage()),
          Kind.UNREADABLE,
          Set.of());
      return Optional.empty();
    }
  }

  private static CheckedSignature shown(
      String file,
      @Nullable StoredBundle stored,
      Map<String, VerifiedPayload> payloads,
      String why) {
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
        shown(one.stored().location(), one.stored(), one.payloads(), why),
        kind,
        one.payloads().keySet());
  }

  private void compare(List<Authentic> authentic) {
    ModelComparison comparison = ModelComparison.of(model, forbid, reading, authentic);
    @Nullable String strange = null;
    List<Authentic> verified = new ArrayList<>();
    for (Authentic one : authentic) {
      Optional<Difference> other = comparison.compare(one);
      if (other.map(it -> it.kind() != Kind.OTHER_MODEL).orElse(true)) {
        one.stored().file().flatMap(this::nameInModel).ifPresent(inModel::add);
      }
      if (other.isEmpty()) {
        verified.add(one);
        continue;
      }
      ancestors.add(one.manifest().rootDigest().hex(), one.payloads().keySet());
      refuse(one, other.get().kind(), other.get().why());
      if (one.stored().file().filter(this::isInModel).isPresent()) {
        strange = one.stored().location();
      }
    }
    failed.addAll(comparison.failed());
    if (strange == null || !forbid.unsignedFiles()) {
      candidates.addAll(comparison.candidates());
    } else {
      // It was left out of the comparison as a signature of this model, which it is not.
      String why = strange + " lies in the model, and is neither signed nor a signature of it";
      verified.forEach(one -> refuse(one, Kind.CHANGED, why));
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
}
