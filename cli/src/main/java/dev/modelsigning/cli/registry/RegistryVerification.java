package dev.modelsigning.cli.registry;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerificationOutcome;
import dev.modelsigning.attestation.ClaimSource;
import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.cli.method.BundleMethod;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.RegistryPlace;
import dev.modelsigning.model.RegistryPlace.Attached;
import dev.modelsigning.oci.AttachedBundle;
import dev.modelsigning.oci.Attachments;
import dev.modelsigning.oci.OciModel;
import dev.modelsigning.oci.OciReferrers;
import dev.modelsigning.oci.OciRules;
import dev.modelsigning.oci.RegistryAccess;
import dev.modelsigning.oci.reference.OciDigest;
import dev.modelsigning.oci.reference.OciReference;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.statement.Predicate;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a model in a registry, or one that is here by a signature in a registry. Of all the
 * signatures that refer to the model, one that verifies is enough; the others are counted.
 */
public final class RegistryVerification implements AutoCloseable {

  private static final Set<String> SIGNATURES =
      Set.of(Predicate.SignatureV1.TYPE, Predicate.DigestsV01.TYPE);

  /** Signatures by the right signer, of other models, may be many. */
  private static final int MAX_COMPARED = 16;

  /** The number of signers that a message names. */
  private static final int MAX_NAMED = 5;

  private final OciReference asked;
  private final OciReferrers referrers;
  private final @Nullable OciModel model;
  private final ModelSource source;
  private final List<Finding> findings = new ArrayList<>();
  private @Nullable Attachments found;
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
  public static RegistryVerification ofModel(
      OciReference reference, Map<String, String> environment, Optional<Path> copy)
      throws IOException {
    OciModel opened = OciModel.open(reference, environment);
    Optional<Path> beside =
        copy.flatMap(directory -> Optional.ofNullable(directory.toAbsolutePath().getParent()));
    OciModel model = beside.isPresent() ? opened.temporary(beside.get()) : opened;
    return new RegistryVerification(reference, model.referrers(), model, model);
  }

  /**
   * Opens a model in a registry of which nothing is ever read.
   *
   * @param access how the registry is asked
   * @param limit within which all of it has to be answered
   */
  public static RegistryVerification ofUnreadModel(
      OciReference reference, RegistryAccess access, Duration limit) throws IOException {
    OciModel model = OciModel.open(reference, access, limit);
    return new RegistryVerification(reference, model.referrers(), model, model.unread());
  }

  /** Opens a manifest whose referrers have the signature of a model that is elsewhere. */
  public static RegistryVerification ofSignature(
      OciReference reference, Map<String, String> environment, ModelSource model)
      throws IOException {
    return new RegistryVerification(
        reference, OciReferrers.of(reference, environment), null, model);
  }

  /**
   * Verifies the model by the signatures in the registry.
   *
   * @param verifier verifies by the method that was asked for
   * @param method that method, whose signatures alone are tried; empty for all
   * @param copy the directory to which the model is copied
   */
  public VerificationOutcome examine(
      ModelVerifier verifier, Optional<BundleMethod> method, Optional<Path> copy)
      throws IOException, MalformedBundleException, VerificationException {
    List<StoredBundle> candidates = candidates(method);
    VerificationOutcome best = null;
    int compared = 0;
    for (StoredBundle candidate : candidates) {
      if (compared == MAX_COMPARED) {
        findings.add(
            Finding.of(
                OciRules.REFERRER_NOT_USED,
                "the model was compared with "
                    + MAX_COMPARED
                    + " genuine signatures that are not of it; others were not tried"));
        break;
      }
      VerificationOutcome outcome = examine(verifier, candidate, copy);
      compared += outcome.payload().isPresent() ? 1 : 0;
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
    if (candidates.size() > 1
        && best.payload().isEmpty()
        && best.failure().orElse(null) instanceof VerificationException untrusted) {
      throw new VerificationException(noneOf(candidates), untrusted);
    }
    return best;
  }

  /** That none is by the required signer, and whom they name. */
  private String noneOf(List<StoredBundle> candidates) throws IOException {
    List<String> signers =
        attachments().bundles().stream()
            .filter(one -> candidates.contains(one.stored()))
            .map(one -> Printable.brief(one.claimedSigner()))
            .distinct()
            .toList();
    int more = signers.size() - MAX_NAMED;
    return "none of the "
        + candidates.size()
        + " signatures that refer to "
        + referrers.pinned()
        + " is by the required signer (they claim to be by "
        + signers.stream().limit(MAX_NAMED).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "")
        + ")";
  }

  /** Verifies the model by a signature that is not looked for. */
  public VerificationOutcome examine(
      ModelVerifier verifier, StoredBundle signature, Optional<Path> copy) {
    if (copy.isEmpty()) {
      return verifier.examine(source, signature);
    }
    if (model != null && !model.hasArchives()) {
      // By the digests alone, so that nothing is fetched for a signature that is not of this model.
      VerificationOutcome listed = verifier.examine(model.listed(), signature);
      if (listed.verified().isEmpty()) {
        return listed;
      }
    }
    return verifier.examineAndCopy(source, signature, copy.get());
  }

  /** Looks whether the tag moved meanwhile. */
  public void lookAtTag() {
    if (model != null) {
      model.movedTag().ifPresent(findings::add);
    }
  }

  private List<StoredBundle> candidates(Optional<BundleMethod> method)
      throws IOException, VerificationException {
    Attachments all = attachments();
    List<StoredBundle> signatures = signatures();
    List<StoredBundle> candidates =
        signatures.stream()
            .filter(one -> method.isEmpty() || BundleMethod.of(one.bundle()) == method.get())
            .toList();
    otherSignatures = Math.max(0, signatures.size() - 1);
    otherReferrers = all.bundles().size() - signatures.size() + all.others();
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
              + method.map(BundleMethod::toString).orElse("any method")
              + ", found "
              + signatures.size()
              + " with "
              + BundleMethod.of(signatures.get(0).bundle()));
    }
    return candidates;
  }

  /** The model, whose layers that are files are known by their digests. */
  public ModelSource model() {
    return source;
  }

  /** The model, all layers of which are read. */
  public ModelSource readingModel() {
    return model == null ? source : model.reading();
  }

  /** The signatures that refer to the model, by any method. */
  public List<StoredBundle> signatures() throws IOException {
    return attachments().bundles().stream()
        .filter(one -> one.predicateType().filter(SIGNATURES::contains).isPresent())
        .map(AttachedBundle::stored)
        .toList();
  }

  private Attachments attachments() throws IOException {
    if (found == null) {
      found = referrers.find();
      findings.addAll(found.findings());
    }
    return found;
  }

  /** The claims that refer to the model: everything that is no signature of a model. */
  public List<ClaimSource> claims() throws IOException {
    return attachments().bundles().stream()
        .filter(one -> one.predicateType().filter(SIGNATURES::contains).isEmpty())
        .filter(one -> !one.aboutManifest())
        .map(RegistryVerification::claim)
        .toList();
  }

  private static ClaimSource claim(AttachedBundle attached) {
    return new ClaimSource() {
      @Override
      public String location() {
        return attached.stored().location();
      }

      @Override
      public void read(ClaimsFile.Sink sink) throws IOException {
        sink.claim(1, attached.stored().bundle());
      }
    };
  }

  /** What refers to the model, to attach more. */
  public OciReferrers referrers() {
    return referrers;
  }

  /** The reference of something that was attached to the model. */
  public String place(Attached attached) {
    return asked.at(OciDigest.parse(attached.digest())).toString();
  }

  /** Whether it is known what refers to the model. */
  public boolean isListed() {
    return found != null;
  }

  /** Findings about the registry. */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** Where the model or its signature is. */
  public RegistryPlace place() {
    return References.verified(asked, referrers.pinned(), otherSignatures, otherReferrers);
  }

  /** The same without numbers of what else refers to it, where each is listed. */
  public RegistryPlace placeAlone() {
    return References.signed(asked, referrers.pinned(), List.of());
  }

  @Override
  public void close() throws IOException {
    if (model != null) {
      model.close();
    }
  }
}
