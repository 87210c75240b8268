package dev.modelsigning;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.facts.ContentInspector;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.copy.VerifiedCopy;
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
import dev.modelsigning.statement.Predicate;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.nio.file.Path;
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

  /** The paths that are to be verified by themselves; empty for all. */
  private final Set<String> only;

  private ModelVerifier(BundleVerifier verifier, Policy policy, Set<String> only) {
    this.verifier = verifier;
    this.policy = policy;
    this.only = Set.copyOf(only);
  }

  /** A verifier of models with the default settings: nothing may be unsigned. */
  public static ModelVerifier using(BundleVerifier verifier) {
    return builder(verifier).build();
  }

  /** A builder with the default settings. */
  public static Builder builder(BundleVerifier verifier) {
    return new Builder(verifier);
  }

  /**
   * Verifies a model against a bundle in a file. The file may lie in the model's directory.
   *
   * @param model the model's directory or file
   * @param signature the bundle's file
   * @return the verified model
   * @throws IOException if a file cannot be read or changes meanwhile
   * @throws MalformedBundleException if the bundle is not one
   * @throws VerificationException if the signature is not to be trusted, or the model is not the
   *     one that was signed
   */
  public VerifiedModel verify(Path model, Path signature)
      throws IOException, MalformedBundleException, VerificationException {
    return verify(DirectorySource.of(model), signature);
  }

  /**
   * Verifies a model, wherever it is, against a bundle in a file, which may lie in the model.
   *
   * @param model where the model is
   * @param signature the bundle's file
   * @return the verified model
   * @throws IOException if a file cannot be read or changes meanwhile
   * @throws MalformedBundleException if the bundle is not one
   * @throws VerificationException if the signature is not to be trusted, or the model is not the
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
   * @throws IOException if a file cannot be read or changes meanwhile
   * @throws MalformedBundleException if the statement in the bundle is not one about a model
   * @throws VerificationException if the signature is not to be trusted, or the model is not the
   *     one that was signed
   */
  public VerifiedModel verify(Path model, Bundle bundle)
      throws IOException, MalformedBundleException, VerificationException {
    return verify(DirectorySource.of(model), bundle);
  }

  /**
   * Verifies a model, wherever it is, against a bundle.
   *
   * @param model where the model is
   * @param bundle the bundle
   * @return the verified model
   * @throws IOException if a file cannot be read or changes meanwhile
   * @throws MalformedBundleException if the statement in the bundle is not one about a model
   * @throws VerificationException if the signature is not to be trusted, or the model is not the
   *     one that was signed
   */
  public VerifiedModel verify(ModelSource model, Bundle bundle)
      throws IOException, MalformedBundleException, VerificationException {
    VerificationOutcome outcome = new VerificationOutcome(model, demands());
    run(outcome, () -> verify(bundle, null, null, outcome));
    return outcome.orElseThrow();
  }

  /**
   * Verifies a model, wherever it is, and says how that ended instead of failing, for reports.
   *
   * @param model where the model is
   * @param signature the bundle's file, which may lie in the model
   * @return the proof, or the failure and what was found out until then
   */
  public VerificationOutcome examine(ModelSource model, Path signature) {
    return examine(model, signature, null);
  }

  /**
   * The same, and copies the model into a new directory, from the same buffers that are hashed.
   *
   * @param model where the model is
   * @param signature the bundle's file, which may lie in the model
   * @param copy the directory that the signed files will have, where nothing is. It appears when
   *     the model is verified, complete; otherwise not at all
   * @return the proof, or the failure and what was found out until then
   */
  public VerificationOutcome examineAndCopy(ModelSource model, Path signature, Path copy) {
    return examine(model, signature, copy);
  }

  private VerificationOutcome examine(ModelSource model, Path signature, @Nullable Path copy) {
    VerificationOutcome outcome = new VerificationOutcome(model, demands());
    run(
        outcome,
        () -> {
          try {
            if (copy != null) {
              // Before anything is read or asked for that takes its time.
              VerifiedCopy.requirePlace(model, copy);
            }
            StoredBundle stored = StoredBundle.read(signature);
            outcome.read(stored);
            verify(stored.bundle(), signature, copy, outcome);
          } catch (MalformedBundleException e) {
            throw new MalformedBundleException(signature, e);
          } catch (VerificationException e) {
            // What is wrong with the signature is said of its file; the model has its own message.
            throw e.reason() == Reason.MODEL_MISMATCH ? e : new VerificationException(signature, e);
          }
        });
    return outcome;
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
      Bundle bundle, @Nullable Path signature, @Nullable Path copy, VerificationOutcome outcome)
      throws IOException, MalformedBundleException, VerificationException {
    ModelSource model = outcome.model();
    VerifiedPayload verified = verifier.verify(bundle);
    outcome.authenticated(verified);
    // Only now, with the signature verified, is the statement anything to go by.
    Statement statement = Statement.read(verified);
    Manifest manifest = statement.manifest();
    outcome.stated(statement, manifest);
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
      Result result = content.compare();
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

  /** What is to be verified of the content, all or parts. */
  private SignedContent selected(SignedContent all, VerificationOutcome outcome)
      throws IOException, VerificationException {
    if (only.isEmpty()) {
      return all;
    }
    try {
      return all.only(only);
    } catch (ModelMismatchException e) {
      // An index is another or gone. What it names is nothing to go by, and all else that differs
      // is told with it.
      Result result = all.named(only).compare();
      outcome.compared(result);
      all.requireSame(result);
      throw e;
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
    private final Set<String> only = new TreeSet<>();

    private Builder(BundleVerifier verifier) {
      this.verifier = verifier;
    }

    /**
     * How the model is read. What it ignores may be unsigned; listed files are verified all the
     * same. Links are followed where the signer did, unless they are refused here.
     */
    public Builder reading(Reading how) {
      this.reading = how;
      return this;
    }

    /** Whether unsigned content is only reported (OMS 8.5); by default it is a failure. */
    public Builder ignoreUnsignedFiles(boolean ignore) {
      this.ignoreUnsignedFiles = ignore;
      return this;
    }

    /**
     * Whether everything must be signed but the signature file and what the {@linkplain #reading
     * reading} ignores: the signer's ignore paths, git's paths and empty files under shards are no
     * excuse, and the manifest must be in canonical order.
     */
    public Builder strict(boolean beStrict) {
      this.strict = beStrict;
      return this;
    }

    /** Whether the outcome is to tell how long each file is; by default only all together. */
    public Builder keepSizes(boolean keep) {
      this.keepSizes = keep;
      return this;
    }

    /**
     * Who looks into the files while they are hashed, for what can run when the model is loaded and
     * what its card states; by default nobody does.
     */
    public Builder inspector(ContentInspector who) {
      this.inspector = Optional.of(who);
      return this;
    }

    /**
     * Has only a part of each model hashed: a file, a directory with all below it, an index ({@code
     * *.safetensors.index.json}, {@code *.bin.index.json}) with all parts that it names, or a part
     * of a split GGUF with all others. The signature is verified whole, and whatever is in the
     * directory still gets its verdict: only changes to the content of other files go unnoticed.
     * {@link VerifiedModel#left()} names these.
     *
     * <p>A path that nothing was signed by fails ({@link Reason#INVALID_SELECTION}), and so do
     * parts that are not complete. An index is read after it was verified, which lists the model
     * twice.
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
     * A verifier with these settings.
     *
     * @throws IllegalArgumentException if the settings contradict each other
     */
    public ModelVerifier build() {
      return new ModelVerifier(
          verifier,
          new Policy(reading, ignoreUnsignedFiles, strict, keepSizes, inspector, Set.of()),
          only);
    }
  }
}
