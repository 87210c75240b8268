package dev.modelsigning.cli.sign;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.SignedModel;
import dev.modelsigning.cli.command.ListArguments;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.model.HashArguments;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.report.Facts;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A command that signs. All methods have these options and this procedure in common, and provide
 * what is different: which files they need, and who signs.
 */
abstract sealed class SigningCommand implements Task
    permits SignKeyCommand,
        SignCertificateCommand,
        SignPkcs11KeyCommand,
        SignPkcs11CertificateCommand,
        SignSigstoreCommand {

  @Spec private CommandSpec spec;

  @Mixin private HashArguments hashing = new HashArguments();

  @Mixin private ListArguments lists = new ListArguments();

  @Mixin private SignatureArgument signature = new SignatureArgument();

  private ModelHasher hasher = ModelHasher.withDefaults();

  /** Refuses options that do not fit together, before anything else is done. */
  void requireUsage() {}

  /** The files that signing needs besides the model, and which the signature must not replace. */
  abstract List<List<Path>> inputs() throws IOException, SigningException;

  /**
   * Has the model signed, by {@link #sign(PayloadSigner)}, once it is known that the signature can
   * be written. Only now a key is read, somebody asked for a secret, a PIN tried.
   */
  abstract void sign() throws IOException, UnusableTrustException, SigningException;

  @Override
  public final Integer call() throws IOException, UnusableTrustException, SigningException {
    requireUsage();
    hasher = hashing.hasher(spec, Program.of(spec).output(quiet()));
    hashing.model().requireExisting();
    signature.requireFree(inputs());
    sign();
    return 0;
  }

  /**
   * Adds the options that say whom to trust and who must have signed, as far as this command knows
   * them; what only the user knows is in capitals.
   */
  abstract void addTrust(SignedPayload signed, ShellCommand command);

  private ShellCommand verification(SignedPayload signed, Path file) {
    ShellCommand command =
        ShellCommand.of("verify " + signed.signer().method())
            .path(hashing.model().model())
            .option("--signature", file);
    addTrust(signed, command);
    return command;
  }

  /** Signs the model, writes the signature and says what was signed by whom. */
  final void sign(PayloadSigner signer) throws IOException, SigningException {
    Output output = Program.of(spec).output(quiet());
    Path file = signature.path();
    boolean replaced = Files.exists(file);
    SignedModel signed =
        ModelSigner.using(signer).withHasher(hasher).sign(hashing.model().model(), file);
    HashedModel content = signed.content();
    output.result("Signing succeeded");
    Facts facts =
        new Facts().add("signature", file + (replaced ? " (replaced the one before)" : ""));
    facts.addSigner(signed.signature().signer());
    SigningReport.addTimes(signed.signature(), facts);
    output.info(
        facts
            .addFiles(content.manifest(), content.files(), content.bytes())
            .addUncovered(content.uncovered()),
        lists.mostLines());
    output.info("Verify it with:");
    output.info("  " + verification(signed.signature(), file));
    content.findings().forEach(output::finding);
    signed.signature().findings().forEach(output::finding);
    hashing.warnAboutPeers(output);
  }

  /** The command as the parser knows it. */
  final CommandSpec spec() {
    return spec;
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
