package dev.modelsigning.cli.attest;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerificationOutcome;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.cli.command.FormatArgument;
import dev.modelsigning.cli.command.ListArguments;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.registry.References;
import dev.modelsigning.cli.registry.RegistryVerification;
import dev.modelsigning.cli.store.StoreArguments;
import dev.modelsigning.cli.store.StoreVerification;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.report.Verdict;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command about a model with its signature, which it verifies before anything else. */
abstract sealed class SignedModelTask implements Task
    permits AttestationCommand, AttestationVerification {

  @Spec private CommandSpec spec;

  @Mixin private SignedModelArgument model = new SignedModelArgument();

  @Mixin private FormatArgument format = new FormatArgument();

  @Mixin private ListArguments lists = new ListArguments();

  /** The model or its signature in an object store, once they are open. */
  private @Nullable StoreVerification stored;

  /** The verdict on the model, once there is one. */
  private @Nullable Verdict verdict;

  /** The command's specification in the parser. */
  final CommandSpec spec() {
    return spec;
  }

  /** The model and its signature. */
  final SignedModelArgument model() {
    return model;
  }

  /** Whether a program waits for one object. */
  final boolean isJson() {
    return format.isJson();
  }

  /**
   * Verifies the model against its signature.
   *
   * @param trust whom to trust
   * @param rewriting rewrites the messages of the verdict, such as to redact secrets
   */
  final VerificationOutcome examine(BundleVerifier trust, UnaryOperator<String> rewriting)
      throws IOException, UnusableTrustException, MalformedBundleException {
    ModelVerifier verifier = model.verifier(trust, spec);
    VerificationOutcome outcome;
    if (model.usesStore()) {
      stored = model.open(spec);
      outcome = stored.examine(verifier, Optional.empty());
    } else {
      outcome = verifier.examine(model.source(), model.signature().path());
    }
    verdict = Verdict.of(outcome).withFindings(findings()).withMessages(rewriting);
    return outcome;
  }

  /** Findings about the store of the signature. */
  final List<Finding> findings() {
    return stored == null ? List.of() : stored.findings();
  }

  /** Leaves the store of the model, of which nothing is read after that. */
  final void close() {
    if (stored != null) {
      stored.close();
    }
  }

  /** The name that a file has or would have in the model; empty if it does not lie in it. */
  final Optional<String> nameOf(Place file) throws IOException {
    if (file.isInStore()) {
      return stored == null ? Optional.empty() : stored.nameOf(StoreArguments.object(file, spec));
    }
    return (stored == null ? model.source() : stored.model()).nameOf(file.path());
  }

  /** Opens the model in its registry. */
  final RegistryVerification openRegistry() throws IOException {
    return RegistryVerification.ofModel(
        References.of(model.place(), spec), Program.of(spec).environment(), Optional.empty());
  }

  /**
   * Verifies the model in a registry, by the signature that was named, or by those that refer to
   * it.
   */
  final VerificationOutcome examine(
      RegistryVerification registry, BundleVerifier trust, UnaryOperator<String> rewriting)
      throws IOException, MalformedBundleException, VerificationException {
    ModelVerifier verifier = model.verifier(trust, spec);
    Optional<Path> named = model.namedSignature().map(Place::path);
    VerificationOutcome outcome =
        named.isPresent()
            ? registry.examine(verifier, StoredBundle.read(named.get()), Optional.empty())
            : registry.examine(verifier, Optional.empty(), Optional.empty());
    if (named.isPresent()) {
      registry.lookAtTag();
    }
    verdict =
        Verdict.of(outcome)
            .withRegistry(registry.place())
            .withFindings(registry.findings())
            .withMessages(rewriting);
    return outcome;
  }

  /** The verdict on the model, whichever it is; empty before {@link #examine}. */
  final Optional<Verdict> examined() {
    return Optional.ofNullable(verdict);
  }

  /** What is printed with a failure: the lines of a model that is verified say nothing about it. */
  @Override
  public final Optional<Verdict> verdict() {
    return examined().filter(one -> !one.isVerified());
  }

  @Override
  public final String subject() {
    return model.place().toString();
  }

  @Override
  public final int mostLines() {
    return lists.mostLines();
  }

  @Override
  public final boolean quiet() {
    return model.quiet();
  }
}
