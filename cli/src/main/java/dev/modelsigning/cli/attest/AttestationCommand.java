package dev.modelsigning.cli.attest;

import dev.modelsigning.VerificationOutcome;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.attestation.AttestationReport;
import dev.modelsigning.attestation.AttestationSigner;
import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.attestation.ModelSubject;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.SamePlace;
import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.method.SigningMethod;
import dev.modelsigning.cli.method.SigningMethod.SameSigner;
import dev.modelsigning.cli.method.SigstoreMethod;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.predicate.ModelTrust;
import dev.modelsigning.cli.predicate.PredicateArguments;
import dev.modelsigning.cli.registry.AttachArguments;
import dev.modelsigning.cli.registry.RegistryVerification;
import dev.modelsigning.cli.registry.SignedAttachments;
import dev.modelsigning.cli.store.StoreArguments;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.predicate.GeneratedPredicate;
import dev.modelsigning.predicate.MalformedPredicateException;
import dev.modelsigning.s3.S3Reference;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A command that verifies a signed model and signs a statement about it. The method provides the
 * signer.
 */
abstract sealed class AttestationCommand extends SignedModelTask
    permits AttestKeyCommand,
        AttestCertificateCommand,
        AttestPkcs11KeyCommand,
        AttestPkcs11CertificateCommand,
        AttestSigstoreCommand {

  @Option(
      names = "--claims",
      paramLabel = "FILE",
      description =
          "The file to which the attestation is appended, one on each line, or s3://BUCKET/KEY."
              + " Default: claims.jsonl beside the model; none for a model in a registry, to which it is"
              + " attached.")
  private @Nullable Place claims;

  @Mixin private PredicateArguments predicate = new PredicateArguments();

  @Mixin private ModelTrust trust = new ModelTrust();

  @Mixin private AttachArguments attach = new AttachArguments();

  private @Nullable AttestationReport report;

  /** The way to sign. */
  abstract SigningMethod method();

  @Override
  public final Integer call()
      throws IOException,
          UnusableTrustException,
          SigningException,
          MalformedBundleException,
          MalformedPredicateException,
          VerificationException {
    method().requireUsage();
    trust.requireUsage(spec());
    attach.requireUsage(spec(), model().isInRegistry());
    requirePlaces();
    Output output = Program.of(spec()).output(quiet());
    // All that can be checked without the model and the key comes first.
    predicate.check(spec());
    model().requireExisting();
    if (!model().isInRegistry() || claims != null) {
      requireFree();
      if (file().isInStore()) {
        model().files(spec()).requireAppendable(file());
      } else {
        ClaimsFile.requireWritable(file().path());
      }
    }
    try {
      method().open(quiet(), model().isInRegistry() ? this::attestInRegistry : this::attest);
    } finally {
      close();
    }
    print(Objects.requireNonNull(report), output);
    return 0;
  }

  private Place file() {
    return claims == null ? model().claims(spec()) : claims;
  }

  private void requirePlaces() {
    model().requireUsage(spec(), claims != null && claims.isInStore());
    if (claims != null && (claims.isInRegistry() || (model().isInRegistry() && !claims.isHere()))) {
      throw new WrongUsage(
          spec(),
          "--claims: name a file; for a model in a registry, the attestation is attached to it");
    }
  }

  /** Refuses a claims file that is one of the files that are read. */
  private void requireFree() throws IOException, SigningException {
    List<Path> inputs = new ArrayList<>(trust.files(spec(), quiet()));
    method().inputs(quiet()).forEach(inputs::addAll);
    inputs.addAll(predicate.files(spec(), quiet()));
    inputs.addAll(model().files());
    if (file().isInStore()) {
      requireOther(file());
      return;
    }
    for (Path directory : predicate.directories()) {
      if (DirectorySource.of(directory).nameOf(file().path()).isPresent()) {
        throw new SigningException(
            file()
                + ": the claims file would lie in "
                + directory
                + ", where no signature covers it; choose another place for it with --claims");
      }
    }
    for (Path input : inputs) {
      if (SamePlace.isSame(file().path(), input)) {
        throw replacing();
      }
    }
  }

  private void requireOther(Place object) throws SigningException {
    S3Reference written = StoreArguments.object(object, spec());
    for (Place read : List.of(model().place(), model().signature())) {
      if (read.isInStore()
          && StoreArguments.collides(written, StoreArguments.reference(read, spec()))) {
        throw replacing();
      }
    }
  }

  private SigningException replacing() {
    return new SigningException(
        file()
            + ": the claims file would replace the model, a key, the signature, or another file"
            + " that is needed; choose another one with --claims");
  }

  private void attest(PayloadSigner signer, SameSigner same)
      throws IOException,
          UnusableTrustException,
          SigningException,
          MalformedBundleException,
          VerificationException {
    signer.requireReady();
    SigstoreMethod keyless = method() instanceof SigstoreMethod sigstore ? sigstore : null;
    BundleVerifier verifier = trust.verifier(same, keyless, spec(), quiet());
    VerifiedModel verified =
        verified(examine(verifier, Program.of(spec()).output(quiet())::withoutSecrets));
    requireOutside(verified);
    GeneratedPredicate content = predicate.generate(verified, verifier, spec());
    SignedPayload signed =
        AttestationSigner.using(signer).sign(verified, predicate.type().uri(), content.json());
    long line =
        file().isInStore()
            ? model().files(spec()).append(file(), signed.bundle())
            : ClaimsFile.append(file().path(), signed.bundle());
    List<Finding> findings = new ArrayList<>(verified.findings());
    findings.addAll(findings());
    findings.addAll(model().findings("the attestation was written to the store"));
    findings.addAll(signed.findings());
    report = report(verified, signed, file().toString(), line, content.missing(), findings);
  }

  /** Attests a model in a registry, and attaches the attestation to it. */
  private void attestInRegistry(PayloadSigner signer, SameSigner same)
      throws IOException,
          UnusableTrustException,
          SigningException,
          MalformedBundleException,
          VerificationException {
    signer.requireReady();
    SigstoreMethod keyless = method() instanceof SigstoreMethod sigstore ? sigstore : null;
    BundleVerifier verifier = trust.verifier(same, keyless, spec(), quiet());
    try (RegistryVerification registry = openRegistry()) {
      registry.referrers().requireWritable(attach.mode(spec()));
      VerifiedModel verified =
          verified(examine(registry, verifier, Program.of(spec()).output(quiet())::withoutSecrets));
      GeneratedPredicate content = predicate.generate(verified, verifier, spec());
      String type = predicate.type().uri();
      List<SignedPayload> signed =
          AttestationSigner.using(signer)
              .sign(
                  verified,
                  type,
                  content.json(),
                  attach.withImageStatement() && !method().isBeyondOms()
                      ? List.of(registry.referrers().imageSubject())
                      : List.of());
      SignedAttachments attachments =
          new SignedAttachments(
              registry.referrers(),
              attach.mode(spec()),
              Optional.ofNullable(claims).map(Place::path));
      for (SignedPayload one : signed) {
        attachments.attach(one, type);
      }
      if (claims != null) {
        ClaimsFile.append(claims.path(), signed.get(0).bundle());
      }
      String attached = registry.place(attachments.attached().get(0));
      List<Finding> findings = new ArrayList<>(verified.findings());
      findings.addAll(registry.findings());
      findings.addAll(signed.get(0).findings());
      if (attach.withImageStatement() && method().isBeyondOms()) {
        findings.add(SignedAttachments.withoutImageStatement(registry.referrers()));
      }
      report = report(verified, signed.get(0), attached, 1, content.missing(), findings);
    }
  }

  private AttestationReport report(
      VerifiedModel verified,
      SignedPayload signed,
      String file,
      long line,
      List<String> missing,
      List<Finding> findings)
      throws IOException {
    return new AttestationReport(
        subject(),
        ModelSubject.of(verified),
        predicate.type().uri(),
        signed,
        file,
        line,
        missing,
        verified.signer(),
        verification(signed).words(),
        findings);
  }

  /** The model; the advice for a wrong signer is one for who attests. */
  private VerifiedModel verified(VerificationOutcome outcome)
      throws IOException, SigningException, MalformedBundleException, VerificationException {
    try {
      return outcome.orElseThrow();
    } catch (VerificationException e) {
      boolean byAnother =
          Set.of(Reason.WRONG_KEY, Reason.WRONG_IDENTITY, Reason.WRONG_METHOD).contains(e.reason());
      if (!byAnother || trust.isGiven()) {
        throw e;
      }
      throw new SigningException(
          "the model was not signed by who attests: "
              + e.getMessage()
              + "; name its signer with --verify-key, --verify-certificate-chain, or"
              + " --verify-identity and --verify-identity-provider",
          e);
    }
  }

  /** Refuses a claims file that would make the model one with an unsigned file. */
  private void requireOutside(VerifiedModel verified) throws IOException, SigningException {
    Optional<String> name = nameOf(file());
    if (name.isPresent()
        && verified.manifest().serialization().ignorePaths().stream()
            .noneMatch(path -> name.get().equals(path) || name.get().startsWith(path + "/"))) {
      throw new SigningException(
          file()
              + ": the claims file would lie in the model, where no signature covers it; put it beside"
              + " the model, or sign the model with --ignore-paths "
              + name.get());
    }
  }

  private ShellCommand verification(SignedPayload signed) {
    ShellCommand command =
        ShellCommand.of("verify-attestation " + signed.signer().method()).place(model().place());
    model().namedSignature().ifPresent(file -> command.option("--signature").place(file));
    if (!model().isInRegistry()) {
      command.option("--claims").place(file());
    }
    model().add(command);
    command.option("--predicate-type", predicate.type().name().orElse(predicate.type().uri()));
    method().addTrust(signed, command);
    return command;
  }

  private ShellCommand ownSignature() {
    ShellCommand command = ShellCommand.of("sign " + spec().name()).place(model().place());
    if (model().isInRegistry()) {
      return command;
    }
    Place signature = model().signature();
    if (signature.isHere()) {
      return model()
          .add(command.option("--signature", signature.path().resolveSibling("model.NAME.sig")));
    }
    String object = signature.toString();
    return model()
        .add(
            command
                .option("--signature")
                .place(
                    Place.of(object.substring(0, object.lastIndexOf('/') + 1) + "model.NAME.sig")));
  }

  private void print(AttestationReport attested, Output output) throws IOException {
    if (!isJson()) {
      output.result(attested.headline());
      attested.lines(mostLines()).forEach(output::info);
      if (attested.verifyCommand().isEmpty()) {
        output.info(
            "Somebody else signed the model. This attestation counts only with a signature of");
        output.info("the model by the same signer; sign it too, and verify with that:");
        output.info("  " + ownSignature());
      } else {
        output.info("Verify it with:");
        output.info("  " + verification(attested.signed()));
      }
    }
    attested.findings().forEach(output::finding);
    if (isJson()) {
      // Last of all, so that nothing can fail after a program was told that it is attested.
      output.verdict(attested::writeJson);
    }
  }

  @Override
  public final String failure() {
    return "Attesting failed with error";
  }
}
