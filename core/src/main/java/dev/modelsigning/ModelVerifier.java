package dev.modelsigning;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.facts.ContentInspector;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.copy.VerifiedCopy;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.part.SelectedFiles;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ManifestVerification.Policy;
import dev.modelsigning.manifest.ManifestVerification.Result;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.statement.PartName;
import dev.modelsigning.statement.Predicate;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Verifies models: the signature first, then the statement, then every file (OMS 8). Verifiers are
 * immutable and may be used by several threads if their {@link BundleVerifier} may.
 *
 * <pre>{@code
 * VerifiedModel model =
 *     ModelVerifier.using(KeyVerifier.load(Path.of("key.pub")))
 *         .verify(Path.of("my-model"), Path.of("model.sig"));
 * }</pre>
 */
public final class ModelVerifier {

  private final BundleVerifier verifier;
  private final Policy policy;

  /** The paths to which verification is restricted; empty for the whole model. */
  private final Set<String> only;

  /** The part of a model that a signature must be of; empty for a whole model. */
  private final Optional<PartName> part;

  private ModelVerifier(
      BundleVerifier verifier, Policy policy, Set<String> only, Optional<PartName> part) {
    this.verifier = verifier;
    this.policy = policy;
    this.only = Set.copyOf(only);
    this.part = part;
  }

  /**
   * Returns the same verifier for a signature that must be of this part of a model. Signatures of
   * parts are refused otherwise: each is valid for a model that lacks all other parts. An index,
   * which was verified before, has to say which parts there are.
   */
  public ModelVerifier forPart(PartName name) {
    return new ModelVerifier(verifier, policy, only, Optional.of(name));
  }

  /** Returns a verifier of models with the default settings: every file must be signed. */
  public static ModelVerifier using(BundleVerifier verifier) {
    return builder(verifier).build();
  }

  /** Returns a builder with the default settings. */
  public static Builder builder(BundleVerifier verifier) {
    return new Builder(verifier);
  }

  /**
   * Verifies a model against a bundle in a file. The file may lie in the model's directory.
   *
   * @param model the model's directory or file
   * @param signature the bundle's file
   * @return the verified model
   * @throws IOException if a file cannot be read, or changes while it is read
   * @throws MalformedBundleException if the file is not a valid bundle
   * @throws VerificationException if the signature is not trusted, or the model differs from the
   *     one that was signed
   */
  public VerifiedModel verify(Path model, Path signature)
      throws IOException, MalformedBundleException, VerificationException {
    return verify(DirectorySource.of(model), signature);
  }

  /**
   * Verifies a model from any source against a bundle in a file, which may lie in the model.
   *
   * @param model where the model is
   * @param signature the bundle's file
   * @return the verified model
   * @throws IOException if a file cannot be read, or changes while it is read
   * @throws MalformedBundleException if the file is not a valid bundle
   * @throws VerificationException if the signature is not trusted, or the model differs from the
   *     one that was signed
   */
  public VerifiedModel verify(ModelSource model, Path signature)
      throws IOException, MalformedBundleException, VerificationException {
    return examine(model, signature).orElseThrow();
  }

  /**
   * Verifies a model against a bundle.
   *
   * @param model the model's directory or file
   * @param bundle the bundle
   * @return the verified model
   * @throws IOException if a file cannot be read, or changes while it is read
   * @throws MalformedBundleException if the statement in the bundle does not describe a model
   * @throws VerificationException if the signature is not trusted, or the model differs from the
   *     one that was signed
   */
  public VerifiedModel verify(Path model, Bundle bundle)
      throws IOException, MalformedBundleException, VerificationException {
    return verify(DirectorySource.of(model), bundle);
  }

  /**
   * Verifies a model from any source against a bundle.
   *
   * @param model where the model is
   * @param bundle the bundle
   * @return the verified model
   * @throws IOException if a file cannot be read, or changes while it is read
   * @throws MalformedBundleException if the statement in the bundle does not describe a model
   * @throws VerificationException if the signature is not trusted, or the model differs from the
   *     one that was signed
   */
  public VerifiedModel verify(ModelSource model, Bundle bundle)
      throws IOException, MalformedBundleException, VerificationException {
    VerificationOutcome outcome = new VerificationOutcome(model, demands());
    run(outcome, () -> verify(bundle, null, null, Optional.empty(), outcome));
    return outcome.orElseThrow();
  }

  /**
   * Verifies a model from any source and returns the outcome, including a failure, instead of
   * throwing: for reports.
   *
   * @param model where the model is
   * @param signature the bundle's file, which may lie in the model
   * @return the proof, or the failure together with what was known by then
   */
  public VerificationOutcome examine(ModelSource model, Path signature) {
    return examine(model, signature, null);
  }

  /**
   * Like {@link #examine}, and also copies the model into a new directory, from the same buffers
   * that are hashed.
   *
   * @param model where the model is
   * @param signature the bundle's file, which may lie in the model
   * @param copy the directory to create, which must not exist. It appears complete once the model
   *     is verified, and not at all otherwise
   * @return the proof, or the failure together with what was known by then
   */
  public VerificationOutcome examineAndCopy(ModelSource model, Path signature, Path copy) {
    return examine(model, signature, copy);
  }

  /**
   * Verifies a model against a bundle that was read from a file earlier, and returns the outcome.
   *
   * @param model where the model is
   * @param signature the bundle; its file may lie in the model, and is not read again
   * @return the proof, or the failure together with what was known by then
   */
  public VerificationOutcome examine(ModelSource model, StoredBundle signature) {
    return examine(model, signature, Optional.empty());
  }

  /**
   * Like {@link #examine(ModelSource, StoredBundle)}, and also copies the model into a new
   * directory, from the same buffers that are hashed.
   *
   * @param model where the model is
   * @param signature the bundle
   * @param copy the directory to create, which must not exist. It appears complete once the model
   *     is verified, and not at all otherwise
   * @return the proof, or the failure together with what was known by then
   */
  public VerificationOutcome examineAndCopy(ModelSource model, StoredBundle signature, Path copy) {
    VerificationOutcome outcome = new VerificationOutcome(model, demands());
    run(
        outcome,
        () -> {
          VerifiedCopy.requirePlace(model, copy);
          verify(signature, copy, Optional.empty(), outcome);
        });
    return outcome;
  }

  /**
   * Like {@link #examine(ModelSource, StoredBundle)}, for one of several signatures of a model. The
   * model is not read again if another one has an equal manifest.
   *
   * @param model where the model is
   * @param signature the bundle
   * @param before the outcome for another signature, just now, by a verifier with the same
   *     settings. It is used if both manifests are equal and both files are among the {@linkplain
   *     Builder#otherSignatures other signatures}
   * @return the proof with this signature's signer, or the failure
   */
  public VerificationOutcome examine(
      ModelSource model, StoredBundle signature, VerificationOutcome before) {
    return examine(model, signature, Optional.of(before));
  }

  private VerificationOutcome examine(
      ModelSource model, StoredBundle signature, Optional<VerificationOutcome> before) {
    VerificationOutcome outcome = new VerificationOutcome(model, demands());
    run(outcome, () -> verify(signature, null, before, outcome));
    return outcome;
  }

  /** Failures of the signature name its place; a model mismatch has its own message. */
  private void verify(
      StoredBundle signature,
      @Nullable Path copy,
      Optional<VerificationOutcome> before,
      VerificationOutcome outcome)
      throws IOException, MalformedBundleException, VerificationException {
    outcome.read(signature);
    try {
      verify(signature.bundle(), signature.file().orElse(null), copy, before, outcome);
    } catch (MalformedBundleException e) {
      throw new MalformedBundleException(signature.location() + ": " + e.getMessage(), e);
    } catch (VerificationException e) {
      throw e.reason() == Reason.MODEL_MISMATCH
          ? e
          : new VerificationException(signature.location(), e);
    }
  }

  private VerificationOutcome examine(ModelSource model, Path signature, @Nullable Path copy) {
    VerificationOutcome outcome = new VerificationOutcome(model, demands());
    run(
        outcome,
        () -> {
          if (copy != null) {
            // Checked first: reading the model and requesting passwords or revocation data take
            // time.
            VerifiedCopy.requirePlace(model, copy);
          }
          verify(read(signature), copy, Optional.empty(), outcome);
        });
    return outcome;
  }

  private static StoredBundle read(Path signature) throws IOException, MalformedBundleException {
    try {
      return StoredBundle.read(signature);
    } catch (MalformedBundleException e) {
      throw new MalformedBundleException(signature, e);
    }
  }

  private Demands demands() {
    return new Demands(
        policy.strict(),
        policy.ignoreUnsignedFiles(),
        policy.reading().ignoreGitPaths(),
        policy.reading().allowSymlinks(),
        List.copyOf(policy.reading().ignorePaths()),
        List.copyOf(only),
        verifier.expected());
  }

  @FunctionalInterface
  private interface Procedure {
    void run() throws IOException, MalformedBundleException, VerificationException;
  }

  private static void run(VerificationOutcome outcome, Procedure procedure) {
    try {
      procedure.run();
    } catch (IOException | MalformedBundleException | VerificationException e) {
      outcome.failed(e);
    }
  }

  private void verify(
      Bundle bundle,
      @Nullable Path signature,
      @Nullable Path copy,
      Optional<VerificationOutcome> before,
      VerificationOutcome outcome)
      throws IOException, MalformedBundleException, VerificationException {
    ModelSource model = outcome.model();
    VerifiedPayload verified = verifier.verify(bundle);
    outcome.authenticated(verified);
    // The statement may be relied on only now that the signature is verified.
    Statement statement = Statement.read(verified);
    Manifest manifest = statement.manifest();
    outcome.stated(statement, manifest);
    requirePart(statement.modelName().orElse(""));
    checkOrder(manifest, outcome);
    if (statement.predicate() instanceof Predicate.DigestsV01) {
      outcome.found(
          Finding.of(
              Rules.OLD_FORM,
              "the signature is of the old form "
                  + Predicate.DigestsV01.TYPE
                  + " (model_signing 0.2), signed over an encoding of its own; sign the model"
                  + " anew"));
    }
    SignedContent content =
        selected(new SignedContent(model, signature, manifest, policy), outcome);
    if (copy == null) {
      Optional<Result> known = before.flatMap(it -> known(it, outcome));
      Result result = known.isPresent() ? known.get() : content.compare();
      outcome.compared(result);
      content.requireSame(result);
    } else {
      content.copyTo(copy, outcome::compared);
      outcome.copied(copy);
    }
    Result result = outcome.comparison().orElseThrow();
    outcome.proved(
        new VerifiedModel(model, verified, statement, content, result, outcome.findings()));
  }

  /** The result of a comparison that would be the same again. */
  private Optional<Result> known(VerificationOutcome before, VerificationOutcome outcome) {
    boolean same =
        before.model().equals(outcome.model())
            && before.demands().equals(outcome.demands())
            && before.manifest().equals(outcome.manifest())
            && isExcused(before)
            && isExcused(outcome);
    return same ? before.comparison() : Optional.empty();
  }

  private boolean isExcused(VerificationOutcome outcome) {
    return outcome
        .signature()
        .flatMap(StoredBundle::file)
        .map(policy.signatures()::contains)
        .orElse(false);
  }

  /** The content to verify: all of it, or the selected parts. */
  private SignedContent selected(SignedContent all, VerificationOutcome outcome)
      throws IOException, VerificationException {
    if (only.isEmpty()) {
      return all;
    }
    try {
      return all.only(only);
    } catch (ModelMismatchException e) {
      // An index was changed or is missing, so the parts that it names cannot be relied on. The
      // comparison reports this together with all other differences.
      Result result = all.named(only).compare();
      outcome.compared(result);
      all.requireSame(result);
      throw e;
    }
  }

  private void requirePart(String name) throws VerificationException {
    Optional<PartName> signed = PartName.of(name);
    if (part.isPresent() && !signed.equals(part)) {
      throw new VerificationException(
          Reason.PART_OF_MODEL,
          "the signature is of "
              + Printable.quote(name)
              + ", and the index is of "
              + Printable.quote(part.get().toString()));
    }
    if (part.isEmpty() && signed.isPresent()) {
      throw new VerificationException(
          Reason.PART_OF_MODEL,
          "this is the signature of part "
              + signed.get().number()
              + " of "
              + signed.get().parts()
              + " of the model "
              + Printable.quote(signed.get().model())
              + ", which says nothing of the others");
    }
  }

  private void checkOrder(Manifest manifest, VerificationOutcome outcome)
      throws VerificationException {
    if (manifest.isInCanonicalOrder()) {
      return;
    }
    String problem = "the resources are not in code point order (OMS 5.2.1)";
    if (policy.strict()) {
      throw new VerificationException(Reason.NOT_STRICT, problem);
    }
    outcome.found(Finding.of(Rules.NOT_CANONICAL_ORDER, problem));
  }

  /** Collects the settings of a {@link ModelVerifier}. */
  public static final class Builder {
    private final BundleVerifier verifier;
    private Reading reading = Reading.withDefaults();
    private boolean ignoreUnsignedFiles;
    private boolean strict;
    private boolean keepSizes;
    private Optional<ContentInspector> inspector = Optional.empty();
    private final Set<Path> signatures = new LinkedHashSet<>();
    private final Set<String> only = new TreeSet<>();

    private Builder(BundleVerifier verifier) {
      this.verifier = verifier;
    }

    /**
     * Sets how the model is read. Paths that the reading ignores may be unsigned; files listed in
     * the manifest are verified nevertheless. Links are followed where the signer followed them,
     * unless the reading forbids it.
     */
    public Builder reading(Reading how) {
      this.reading = how;
      return this;
    }

    /** Sets whether unsigned content is only reported (OMS 8.5). By default it is a failure. */
    public Builder ignoreUnsignedFiles(boolean ignore) {
      this.ignoreUnsignedFiles = ignore;
      return this;
    }

    /**
     * Sets whether every file must be signed except the signature file and what the {@linkplain
     * #reading reading} ignores: the signer's ignored paths, git's paths and empty files next to
     * shards are then not excused, and the manifest must be in canonical order.
     */
    public Builder strict(boolean beStrict) {
      this.strict = beStrict;
      return this;
    }

    /**
     * Sets whether the outcome keeps the length of each file. By default only the total is kept.
     */
    public Builder keepSizes(boolean keep) {
      this.keepSizes = keep;
      return this;
    }

    /**
     * Sets the inspector that examines files while they are hashed, for content that can run when
     * the model is loaded and for what the model card states. By default there is none.
     */
    public Builder inspector(ContentInspector who) {
      this.inspector = Optional.of(who);
      return this;
    }

    /**
     * Adds files that the caller verified as signatures of the same model. They may lie in the
     * model without being signed, as the signature may that is being verified.
     *
     * @param files the files; another file that lies in their place is not excused
     */
    public Builder otherSignatures(Collection<Path> files) {
      signatures.addAll(files);
      return this;
    }

    /**
     * Restricts hashing to a part of each model: a file, a directory with all below it, an index
     * ({@code *.safetensors.index.json}, {@code *.bin.index.json}) with all parts that it names, or
     * a part of a split GGUF with all others. The signature is verified whole, and every entry of
     * the directory is still judged: only changes to the content of other files go unnoticed.
     * {@link VerifiedModel#left()} lists these files.
     *
     * <p>Verification fails ({@link Reason#INVALID_SELECTION}) if no signed file has this path, or
     * if the parts are incomplete. An index is read after it was verified, for which the model is
     * listed a second time.
     *
     * @param path its path in the model as it was signed, compared byte by byte; {@code .} for all.
     *     Can be repeated
     * @throws IllegalArgumentException if it is not canonical (OMS 6.1.2)
     */
    public Builder only(String path) {
      if (!path.equals(SelectedFiles.ALL)) {
        CanonicalPath.require(path);
      }
      only.add(path);
      return this;
    }

    /**
     * Returns a verifier with these settings.
     *
     * @throws IllegalArgumentException if the settings contradict each other
     */
    public ModelVerifier build() {
      return new ModelVerifier(
          verifier,
          new Policy(
              reading, ignoreUnsignedFiles, strict, keepSizes, inspector, signatures, Set.of()),
          only,
          Optional.empty());
    }
  }
}
