package dev.modelsigning.policy.internal.check;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerificationOutcome;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.content.ModelContents;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ManifestVerification;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.policy.internal.rules.ForbidRule;
import dev.modelsigning.policy.internal.signer.PolicySigner;
import dev.modelsigning.policy.internal.signer.UnusableSignerException;
import dev.modelsigning.policy.result.CheckedSignature;
import dev.modelsigning.report.FailureMessage;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
  private final Map<String, PolicySigner> signers;
  private final Set<String> needed;
  private final ForbidRule forbid;
  private final Reading reading;

  private final List<CheckedSignature> refused = new ArrayList<>();
  private final List<Candidate> candidates = new ArrayList<>();
  private final List<VerificationOutcome> failed = new ArrayList<>();
  private final Map<String, String> unusable = new LinkedHashMap<>();
  private final SignedAncestors ancestors = new SignedAncestors();

  /** A signature that is genuine, whatever it is about. */
  private record Authentic(
      StoredBundle stored, Map<String, VerifiedPayload> payloads, Manifest manifest) {

    VerifiedPayload payload() {
      return payloads.values().iterator().next();
    }
  }

  private ModelSignatures(
      ModelSource model,
      Map<String, PolicySigner> signers,
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
   * @param signers the signers of the policy, by name
   * @param needed the names of those of whom the rule speaks. The trust files of others are opened
   *     only for a signature that is by none of these
   * @param forbid what the model must not have
   * @param reading how the model is read
   */
  static ModelSignatures verify(
      ModelSource model,
      Collection<Path> files,
      Map<String, PolicySigner> signers,
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
  List<CheckedSignature> refused() {
    return refused;
  }

  /** Outcomes of signatures that are genuine, and from which the model differs. */
  List<VerificationOutcome> failed() {
    return failed;
  }

  /** The signers whose trust files cannot be used, with the reasons, by name. */
  Map<String, String> unusable() {
    return unusable;
  }

  /** Signatures of other models. */
  SignedAncestors ancestors() {
    return ancestors;
  }

  private Optional<Authentic> authenticate(Path file) {
    try {
      StoredBundle stored = StoredBundle.read(file);
      Map<String, VerifiedPayload> payloads = new LinkedHashMap<>();
      String why = acceptedBy(stored.bundle(), payloads);
      if (payloads.isEmpty()) {
        refuse(file, stored, Map.of(), why);
        return Optional.empty();
      }
      try {
        // The statement may be relied on only now that the signature is verified.
        Statement statement = Statement.read(payloads.values().iterator().next());
        return Optional.of(new Authentic(stored, payloads, statement.manifest()));
      } catch (MalformedBundleException e) {
        refuse(file, stored, payloads, "it is not the signature of a model: " + e.getMessage());
      }
    } catch (IOException | MalformedBundleException e) {
      refuse(file, null, Map.of(), FailureMessage.of(e));
    }
    return Optional.empty();
  }

  /**
   * Finds who signed a bundle.
   *
   * @param payloads receives the payload for each of the signers, by name
   * @return why it is nobody
   */
  private String acceptedBy(Bundle bundle, Map<String, VerifiedPayload> payloads) {
    List<String> reasons = new ArrayList<>();
    int others = 0;
    List<PolicySigner> inOrder =
        signers.values().stream()
            .filter(signer -> signer.hasMethodOf(bundle))
            .sorted(Comparator.comparing(signer -> !needed.contains(signer.name())))
            .toList();
    for (PolicySigner signer : inOrder) {
      if (!payloads.isEmpty() && !needed.contains(signer.name())) {
        break;
      }
      try {
        payloads.put(signer.name(), signer.verify(bundle));
      } catch (UnusableSignerException e) {
        unusable.put(signer.name(), String.valueOf(e.getMessage()));
        reasons.add(signer.name() + ": " + e.getMessage());
      } catch (VerificationException e) {
        if (e.reason() == Reason.WRONG_KEY || e.reason() == Reason.WRONG_IDENTITY) {
          others++;
        } else {
          reasons.add(signer.name() + ": " + e.getMessage());
        }
      } catch (MalformedBundleException | IOException e) {
        reasons.add(signer.name() + ": " + FailureMessage.of(e));
      }
    }
    if (!reasons.isEmpty()) {
      return "nobody in the policy is known to have signed it: " + String.join("; ", reasons);
    }
    return others > 0
        ? "nobody in the policy signed it"
        : "the policy names no signer of its method";
  }

  private void refuse(
      Path file, @Nullable StoredBundle stored, Map<String, VerifiedPayload> payloads, String why) {
    Optional<VerifiedPayload> first = payloads.values().stream().findFirst();
    refused.add(
        new CheckedSignature(
            file,
            stored == null ? "" : stored.sha256(),
            List.copyOf(payloads.keySet()),
            first.map(VerifiedPayload::signer),
            first.isPresent() ? Candidate.times(payloads) : List.of(),
            false,
            why));
  }

  private void compare(List<Authentic> authentic) {
    List<Path> files = authentic.stream().map(one -> one.stored().file().orElseThrow()).toList();
    Map<Manifest, VerificationOutcome> known = new HashMap<>();
    @Nullable String strange = null;
    List<Authentic> verified = new ArrayList<>();
    for (Authentic one : authentic) {
      Optional<String> other = otherContent(one, verified);
      if (other.isEmpty() && authentic.size() > 1) {
        other = otherFiles(one);
      }
      if (other.isEmpty()) {
        if (!known.containsKey(one.manifest()) && known.size() == MAX_MANIFESTS) {
          other =
              Optional.of(
                  "the model was compared with "
                      + MAX_MANIFESTS
                      + " other manifests before, and is not read again");
        } else {
          VerificationOutcome outcome =
              examine(one, files, Optional.ofNullable(known.get(one.manifest())));
          known.putIfAbsent(one.manifest(), outcome);
          if (outcome.verified().isPresent()) {
            verified.add(one);
            candidates.add(new Candidate(one.stored(), one.payloads(), outcome.verified().get()));
            continue;
          }
          failed.add(outcome);
          other = outcome.failure().map(FailureMessage::of);
        }
      }
      ancestors.add(one.manifest().rootDigest().hex(), one.payloads().keySet());
      refuse(
          one.stored().file().orElseThrow(),
          one.stored(),
          one.payloads(),
          other.orElse("it is about another model"));
      if (isInModel(one.stored().file().orElseThrow())) {
        strange = one.stored().file().orElseThrow().toString();
      }
    }
    if (strange != null && forbid.unsignedFiles()) {
      // It was left out of the comparison as a signature of this model, which it is not.
      String why = strange + " lies in the model, and is neither signed nor a signature of it";
      verified.forEach(
          one -> refuse(one.stored().file().orElseThrow(), one.stored(), one.payloads(), why));
      candidates.clear();
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

  /**
   * Whether a file differs from one that was verified a moment ago, so that it is about another
   * model: found without reading the model.
   */
  private static Optional<String> otherContent(Authentic one, List<Authentic> verified) {
    Manifest manifest = one.manifest();
    for (Authentic known : verified) {
      Manifest found = known.manifest();
      if (isHashedAlike(manifest.serialization(), found.serialization())) {
        for (String path : manifest.paths()) {
          if (found.hasFile(path) && !found.resourcesOf(path).equals(manifest.resourcesOf(path))) {
            return Optional.of(
                "it is about another model: " + Printable.quote(path) + " has another digest");
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

  /**
   * Whether files that were signed are missing, so that it is about another model: found cheaply.
   */
  private Optional<String> otherFiles(Authentic one) {
    try {
      int found =
          ManifestVerification.locate(
                  model,
                  one.stored().file().orElseThrow(),
                  one.manifest(),
                  ManifestVerification.Policy.withDefaults())
              .size();
      int signed = one.manifest().fileCount();
      return found == signed
          ? Optional.empty()
          : Optional.of(
              "it is about another model: "
                  + (signed - found)
                  + " of the "
                  + signed
                  + " files that were signed are not there");
    } catch (IOException e) {
      return Optional.of(FailureMessage.of(e));
    }
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
