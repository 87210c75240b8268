package dev.modelsigning.cli.sign;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.SignedModel;
import dev.modelsigning.SignedTwice;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.FormatArgument;
import dev.modelsigning.cli.command.ListArguments;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.method.Secret;
import dev.modelsigning.cli.method.SigningMethod;
import dev.modelsigning.cli.method.SigningMethod.SameSigner;
import dev.modelsigning.cli.model.HashArguments;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.registry.AttachArguments;
import dev.modelsigning.cli.registry.References;
import dev.modelsigning.cli.store.StoreArguments;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.oci.reference.OciReference;
import dev.modelsigning.report.Amounts;
import dev.modelsigning.report.SigningReport;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.split.SplitIndex;
import dev.modelsigning.split.SplitSigner;
import dev.modelsigning.split.SplitSigner.SplitModel;
import dev.modelsigning.update.ModelUpdate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * A command that signs a model. All share these options and this procedure; the method provides the
 * files that it needs, and the signer.
 */
abstract sealed class SigningCommand implements Task
    permits SignKeyCommand,
        SignCertificateCommand,
        SignPkcs11KeyCommand,
        SignPkcs11CertificateCommand,
        SignSigstoreCommand {

  @Spec private CommandSpec spec;

  @Mixin private HashArguments hashing = new HashArguments();

  @Mixin private FormatArgument format = new FormatArgument();

  @Mixin private ListArguments lists = new ListArguments();

  @Mixin private SignatureArgument signature = new SignatureArgument();

  @Mixin private UpdateArguments update = new UpdateArguments();

  @Mixin private AttachArguments attach = new AttachArguments();

  @Mixin private StoreArguments store = new StoreArguments();

  @Mixin private SplitArguments split = new SplitArguments();

  @Option(
      names = "--trust-stored-checksums",
      description =
          "Do not read objects of which the store has the SHA-256 of all bytes, and sign that. The"
              + " store and whoever uploaded to it are believed; the report says of how many. For"
              + " models in s3:// only.")
  private boolean trustStoredChecksums;

  private ModelHasher hasher = ModelHasher.withDefaults();

  private List<Secret> secrets = List.of();

  // The result, with the command to verify it.
  private @Nullable SigningReport report;
  private @Nullable ShellCommand command;
  private @Nullable ShellCommand secondCommand;

  /** The way to sign. */
  abstract SigningMethod method();

  @Override
  public final Integer call()
      throws IOException,
          UnusableTrustException,
          SigningException,
          MalformedBundleException,
          VerificationException {
    method().requireUsage();
    requireClusterUsage();
    attach.requireUsage(spec, hashing.model().isInRegistry());
    requireStoreUsage();
    update.requireUsage(spec, hashing.model().isInRegistry(), usesStore(), method().hasSecond());
    split.requireUsage(
        spec,
        hashing.model().isInRegistry() || usesStore(),
        method().hasSecond(),
        update.isGiven());
    Evidence[] accepted =
        trustStoredChecksums ? new Evidence[] {Evidence.STORED_CHECKSUM} : new Evidence[0];
    hasher = hashing.hasher(spec, Program.of(spec).output(quiet()), accepted);
    hashing.model().requireExisting();
    if (!split.isGiven()
        && !signature.isInStore()
        && (!hashing.model().isInRegistry() || signature.isGiven())) {
      List<List<Path>> inputs = new ArrayList<>(method().inputs(quiet()));
      inputs.add(update.files(spec, quiet()));
      signature.requireFree(inputs);
      if (method().hasSecond()) {
        SignatureArgument.requireFree(
            AlsoArguments.beside(signature.path()), method().inputs(quiet()));
        if (hashing.model().isInRegistry()) {
          SignatureFiles.requireReplaceable(AlsoArguments.beside(signature.path()));
        }
      }
    }
    // Before signing, since nothing must fail after the signature was written.
    secrets = method().secrets(hashing.fileHasher(), quiet()).toList();
    if (split.isGiven()) {
      ModelSource model =
          hashing.model().isOnCluster()
              ? hashing.model().onCluster(spec)
              : DirectorySource.of(hashing.model().model());
      method().open(quiet(), (signer, same) -> signInParts(signer, model));
    } else if (hashing.model().isInRegistry()) {
      signInRegistry();
    } else if (usesStore()) {
      method().open(quiet(), (signer, same) -> signInStore(signer));
    } else if (hashing.model().isOnCluster()) {
      // A cluster that is not to be trusted is refused before a PIN is asked for.
      ModelSource model = hashing.model().onCluster(spec);
      method().open(quiet(), (signer, same) -> signOnCluster(signer, model));
    } else {
      method().open(quiet(), update.isGiven() ? this::signUpdate : (signer, same) -> sign(signer));
    }
    print(Objects.requireNonNull(report), Objects.requireNonNull(command));
    return 0;
  }

  private boolean usesStore() {
    return hashing.model().isInStore() || signature.isInStore();
  }

  private void requireStoreUsage() {
    signature.requireUsage(spec);
    store.requireUsage(spec, usesStore());
    if (hashing.model().isInRegistry() && signature.isInStore()) {
      throw new WrongUsage(
          spec, "--signature: name a file for the signature of a model in a registry");
    }
    if (trustStoredChecksums && !hashing.model().isInStore()) {
      throw new WrongUsage(spec, "--trust-stored-checksums is for a model in s3://");
    }
    if (method().hasSecond() && usesStore()) {
      throw new WrongUsage(
          spec, "--also is for a model and signatures that are here; sign twice, with each key");
    }
  }

  private void requireClusterUsage() {
    hashing.model().requireOnCluster(spec);
    if (!hashing.model().isOnCluster()) {
      return;
    }
    if (signature.isGiven() && !signature.place().isHere()) {
      throw new WrongUsage(
          spec, "--signature: name a file of this machine, from which to put it elsewhere");
    }
    if (method().hasSecond()) {
      throw new WrongUsage(spec, "--also is for a model that is here; sign twice, with each key");
    }
  }

  /** Signs a model that a cluster reads and hashes. The key stays here. */
  private void signOnCluster(PayloadSigner signer, ModelSource model)
      throws IOException, SigningException {
    Path file = signature.path();
    boolean replaced = Files.exists(file);
    SignedModel signed = ModelSigner.using(signer).withHasher(hasher).sign(model, file);
    report(signed, file, replaced);
  }

  /** Signs a model in parts. */
  private void signInParts(PayloadSigner signer, ModelSource model)
      throws IOException, SigningException {
    Path directory = signature.path();
    SplitModel split =
        SplitSigner.using(signer, hasher, this.split.size())
            .sign(model, directory, this::secretsIn);
    SignedModel signed = split.signed();
    report =
        SigningReport.of(subject(), signed, directory.resolve(SplitIndex.SIGNATURE), false)
            .withFindings(
                List.of(
                    Finding.of(
                        Rules.SIGNED_IN_PARTS,
                        "the model was signed in "
                            + Amounts.of(split.index().parts().size(), "part")
                            + ", and what was signed last is the index of them")));
    command = withTrust(signed.signature(), verification(signed.signature(), directory));
  }

  /** What is secret and was signed with the model. */
  private List<Finding> secretsIn(Manifest manifest) {
    return secrets.stream().flatMap(secret -> secret.findIn(manifest).stream()).toList();
  }

  /** Signs a model in an object store, or writes the signature of one that is here to a store. */
  private void signInStore(PayloadSigner signer) throws IOException, SigningException {
    try (StoreSigning signing =
        StoreSigning.open(
            hashing.model().place(),
            signature.place(),
            store.options(Program.of(spec).environment(), trustStoredChecksums),
            spec)) {
      SignedModel signed = signing.sign(ModelSigner.using(signer).withHasher(hasher));
      Manifest manifest = signed.content().manifest();
      report =
          SigningReport.of(subject(), signed, signature.place().toString(), signing.isReplaced())
              .withFindings(signing.findings())
              .withFindings(
                  secrets.stream().flatMap(secret -> secret.findIn(manifest).stream()).toList());
      command =
          store.add(
              withTrust(
                  signed.signature(),
                  ShellCommand.of("verify " + signed.signature().signer().method())
                      .place(hashing.model().place())
                      .option("--signature")
                      .place(signature.place())));
    }
  }

  private ShellCommand verification(SignedPayload signed, Path file) {
    return ShellCommand.of(Program.of(spec), "verify " + signed.signer().method())
        .place(hashing.model().place())
        .option("--signature", file);
  }

  private ShellCommand withTrust(SignedPayload signed, ShellCommand command) {
    method().addTrust(signed, command);
    return command;
  }

  /** Signs the model and writes the signature. */
  private void sign(PayloadSigner signer) throws IOException, SigningException {
    Path file = signature.path();
    boolean replaced = Files.exists(file);
    Path model = hashing.model().model();
    ModelSigner modelSigner = ModelSigner.using(signer).withHasher(hasher);
    Optional<PayloadSigner> second = method().second();
    if (second.isPresent()) {
      Path beside = AlsoArguments.beside(file);
      boolean besideReplaced = Files.exists(beside);
      SignedTwice twice = modelSigner.sign(model, file, second.get(), beside);
      report(twice.model(), file, replaced);
      report = Objects.requireNonNull(report).withSecond(beside, besideReplaced, twice.also());
      ShellCommand verification = verification(twice.also(), beside);
      method().addTrustInSecond(twice.also(), verification);
      secondCommand = verification;
      return;
    }
    report(modelSigner.sign(model, file), file, replaced);
  }

  /** Signs what has changed since the signature that is there, and replaces it. */
  private void signUpdate(PayloadSigner signer, SameSigner same)
      throws IOException,
          UnusableTrustException,
          SigningException,
          MalformedBundleException,
          VerificationException {
    signer.requireReady();
    Path file = signature.path();
    boolean replaced = Files.exists(file);
    Path model = hashing.model().model();
    ModelUpdate changes = update.open(model, file, hasher, method(), same, spec, quiet());
    SignedModel signed =
        ModelSigner.using(signer).withHasher(changes.hasher()).sign(changes.source(), file);
    List<Finding> findings = changes.finish(signed.signature());
    report(signed, file, replaced);
    report =
        Objects.requireNonNull(report)
            .withUpdate(changes.read(), changes.notRead(), changes.whyRead())
            .withFindings(findings);
  }

  private void report(SignedModel signed, Path file, boolean replaced) {
    report =
        SigningReport.of(subject(), signed, file, replaced)
            .withFindings(secretsIn(signed.content().manifest()));
    command = withTrust(signed.signature(), verification(signed.signature(), file));
  }

  /** Signs a model in a registry, and attaches the signature to it. */
  private void signInRegistry()
      throws IOException,
          UnusableTrustException,
          SigningException,
          MalformedBundleException,
          VerificationException {
    OciReference reference = References.of(hashing.model().place(), spec);
    try (RegistrySigning signing =
        RegistrySigning.open(
            reference,
            Program.of(spec).environment(),
            attach.mode(spec),
            attach.withImageStatement())) {
      method()
          .open(
              quiet(),
              (signer, same) -> {
                SigningReport made = signing.sign(signer, method(), hasher, signature.given());
                report = made;
                SignedPayload first = made.signature().orElseThrow();
                command = withTrust(first, verificationInRegistry(first));
                made.secondSignature()
                    .ifPresent(second -> {
                      ShellCommand verification = verificationInRegistry(second);
                      method().addTrustInSecond(second, verification);
                      secondCommand = verification;
                    });
              });
    }
  }

  private ShellCommand verificationInRegistry(SignedPayload signed) {
    return ShellCommand.of("verify " + signed.signer().method()).place(hashing.model().place());
  }

  /** Prints what was signed and by whom. */
  private void print(SigningReport signed, ShellCommand verification) throws IOException {
    Output output = Program.of(spec).output(quiet());
    if (!format.isJson()) {
      output.result(signed.headline());
      output.info(signed.facts(), lists.mostLines());
      signed.findings().stream()
          .filter(SigningCommand::isAboutParts)
          .forEach(finding -> output.info("  " + finding.message()));
      output.info("Verify it with:");
      output.info("  " + verification);
      if (secondCommand != null) {
        output.info("  " + secondCommand);
      }
    }
    signed.warnings().filter(finding -> !isAboutParts(finding)).forEach(output::finding);
    hashing.warnAboutPeers(output);
    if (format.isJson()) {
      SigningReport complete =
          signed
              .withFindings(hashing.findings())
              .withVerifyCommand(words(verification, output))
              .withMessages(output::withoutSecrets);
      if (secondCommand != null) {
        complete = complete.withSecondVerifyCommand(words(secondCommand, output));
      }
      // Last of all, so that nothing can fail after a program was told that the model is signed.
      output.verdict(complete::writeJson);
    }
  }

  /** What was asked for is no warning. */
  private static boolean isAboutParts(Finding finding) {
    return finding.rule().equals(Rules.SIGNED_IN_PARTS);
  }

  private static List<String> words(ShellCommand command, Output output) {
    return command.words().stream().map(output::withoutSecrets).toList();
  }

  @Override
  public final String subject() {
    return hashing.model().place().toString();
  }

  @Override
  public final String failure() {
    return "Signing failed with error";
  }

  @Override
  public final boolean quiet() {
    return hashing.model().quiet();
  }
}
