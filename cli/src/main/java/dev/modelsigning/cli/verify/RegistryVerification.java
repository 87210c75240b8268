package dev.modelsigning.cli.verify;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerificationOutcome;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.cli.registry.References;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.oci.AttachedBundle;
import dev.modelsigning.oci.Attachments;
import dev.modelsigning.oci.OciModel;
import dev.modelsigning.oci.OciReferrers;
import dev.modelsigning.oci.reference.OciReference;
import dev.modelsigning.report.RegistryPlace;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.statement.Predicate;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a model in a registry, or one that is here by a signature in a registry. Of all the
 * signatures that refer to the model, one that verifies is enough; the others are counted.
 */
final class RegistryVerification implements AutoCloseable {

  private static final Set<String> SIGNATURES =
      Set.of(Predicate.SignatureV1.TYPE, Predicate.DigestsV01.TYPE);

  private final OciReference asked;
  private final OciReferrers referrers;
  private final @Nullable OciModel model;
  private final ModelSource source;
  private final List<Finding> findings = new ArrayList<>();
  private int otherSignatures;
  private int otherReferrers;

  private RegistryVerification(
      OciReference asked, OciReferrers referrers, @Nullable OciModel model, ModelSource source) {
    this.asked = asked;
    this.referrers = referrers;
    this.model = model;
    this.source = source;
  }

  /**
   * Opens a model in a registry.
   *
   * @param copy the directory to which it will be copied; temporary files are beside it
   */
  static RegistryVerification ofModel(
      OciReference reference, Map<String, String> environment, Optional<Path> copy)
      throws IOException {
    OciModel opened = OciModel.open(reference, environment);
    Optional<Path> beside =
        copy.flatMap(directory -> Optional.ofNullable(directory.toAbsolutePath().getParent()));
    OciModel model = beside.isPresent() ? opened.temporary(beside.get()) : opened;
    return new RegistryVerification(reference, model.referrers(), model, model);
  }

  /** Opens a manifest whose referrers have the signature of a model that is elsewhere. */
  static RegistryVerification ofSignature(
      OciReference reference, Map<String, String> environment, ModelSource model)
      throws IOException {
    return new RegistryVerification(
        reference, OciReferrers.of(reference, environment), null, model);
  }

  /**
   * Verifies the model by the signatures in the registry.
   *
   * @param verifier verifies by the method that was asked for
   * @param method that method, whose signatures alone are tried
   * @param copy the directory to which the model is copied
   */
  VerificationOutcome examine(ModelVerifier verifier, BundleMethod method, Optional<Path> copy)
      throws IOException, MalformedBundleException, VerificationException {
    List<StoredBundle> candidates = candidates(method);
    VerificationOutcome best = null;
    for (StoredBundle candidate : candidates) {
      VerificationOutcome outcome = examine(verifier, candidate, copy);
      if (outcome.verified().isPresent()) {
        lookAtTag();
        return outcome;
      }
      // A signature by the right signer says more about the model than one by a stranger.
      if (best == null || (best.payload().isEmpty() && outcome.payload().isPresent())) {
        best = outcome;
      }
    }
    if (best == null) {
      throw new IllegalStateException("there are candidates");
    }
    return best;
  }

  /** Verifies the model by a signature that is not looked for. */
  VerificationOutcome examine(ModelVerifier verifier, StoredBundle signature, Optional<Path> copy) {
    return copy.isPresent()
        ? verifier.examineAndCopy(source, signature, copy.get())
        : verifier.examine(source, signature);
  }

  /** Looks whether the tag moved meanwhile. */
  void lookAtTag() throws IOException {
    if (model != null) {
      model.movedTag().ifPresent(findings::add);
    }
  }

  private List<StoredBundle> candidates(BundleMethod method)
      throws IOException, VerificationException {
    Attachments found = referrers.find();
    findings.addAll(found.findings());
    List<StoredBundle> signatures =
        found.bundles().stream()
            .filter(one -> one.predicateType().filter(SIGNATURES::contains).isPresent())
            .map(AttachedBundle::stored)
            .toList();
    List<StoredBundle> candidates =
        signatures.stream().filter(one -> BundleMethod.of(one.bundle()) == method).toList();
    otherSignatures = Math.max(0, signatures.size() - 1);
    otherReferrers = found.bundles().size() - signatures.size() + found.others();
    if (signatures.isEmpty()) {
      throw new FileSystemException(
          referrers.pinned().toString(),
          null,
          "nothing that refers to it is a signature of a model"
              + (otherReferrers > 0 ? ", of " + otherReferrers + " that do" : "")
              + findings.stream()
                  .limit(1)
                  .map(one -> " (" + one.message() + ")")
                  .reduce("", String::concat)
              + "; sign it with 'model-signing sign', or name the signature with --signature");
    }
    if (candidates.isEmpty()) {
      throw new VerificationException(
          Reason.WRONG_METHOD,
          referrers.pinned()
              + ": expected a signature with "
              + method
              + ", found "
              + signatures.size()
              + " with "
              + BundleMethod.of(signatures.get(0).bundle()));
    }
    return candidates;
  }

  /** Findings about the registry. */
  List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** Where the model or its signature is. */
  RegistryPlace place() {
    return References.verified(asked, referrers.pinned(), otherSignatures, otherReferrers);
  }

  @Override
  public void close() throws IOException {
    if (model != null) {
      model.close();
    }
  }
}
