package dev.modelsigning.cli.keys;

import dev.modelsigning.cli.command.Harmless;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.SamePlace;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.internal.file.WholeFile;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.report.Facts;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.VerifyingKey;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Generates a key pair. */
@Command(
    name = "generate-key",
    description = "Make a pair of keys for signing and verifying. Files that exist are kept.",
    footer = {
      "",
      "The private key is readable by its owner only. It is encrypted if there is a"
          + " password: in MODEL_SIGNING_PASSWORD, by --password-file, or typed with --encrypt.",
      "",
      "Examples:",
      "  model-signing generate-key --private-key key.pem --public-key key.pub",
      "  model-signing generate-key --private-key key.pem --public-key key.pub \\",
      "      --encrypt"
    })
final class GenerateKeyCommand implements Task {

  @Spec private CommandSpec spec;

  @Option(
      names = "--private-key",
      paramLabel = "FILE",
      required = true,
      description = "Where to write the private key. Keep it secret.")
  private @Nullable KeyName privateKey;

  @Option(
      names = "--public-key",
      paramLabel = "FILE",
      required = true,
      description = "Where to write the public key. Give it to those who verify.")
  private @Nullable KeyName publicKey;

  @Option(
      names = "--curve",
      paramLabel = "NAME",
      completionCandidates = Curves.class,
      description = "The curve: P-256, P-384 or P-521. Default: P-256.")
  private String curve = "P-256";

  /** The curves, for the completion of command lines. */
  private static final class Curves implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return EcdsaScheme.values().stream().map(EcdsaScheme::curve).iterator();
    }
  }

  @Mixin private PasswordArguments passwords = new PasswordArguments();

  @Option(
      names = "--encrypt",
      description = "Encrypt the private key, and ask for a password that is given nowhere.")
  private boolean encrypt;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print nothing but failures.")
  private boolean quiet;

  @Override
  public Integer call() throws Exception {
    EcdsaScheme scheme =
        EcdsaScheme.values().stream()
            .filter(one -> one.curve().equalsIgnoreCase(curve))
            .findFirst()
            .orElseThrow(() ->
                new WrongUsage(
                    spec,
                    "--curve is P-256, P-384 or P-521, not "
                        + Harmless.word(curve).orElse("what was given")));
    Path privateFile = Objects.requireNonNull(privateKey).newFile("--private-key", spec);
    Path publicFile = Objects.requireNonNull(publicKey).newFile("--public-key", spec);
    if (SamePlace.isSame(privateFile, publicFile)) {
      throw new WrongUsage(spec, "--private-key and --public-key are the same file");
    }
    for (Path file : passwords.files()) {
      if (SamePlace.isSame(file, privateFile) || SamePlace.isSame(file, publicFile)) {
        throw new WrongUsage(spec, "a key and --password-file are the same file");
      }
    }
    WholeFile.requireAbsent(privateFile);
    WholeFile.requireAbsent(publicFile);
    char[] password = passwords.forNewKey(encrypt, spec);
    VerifyingKey key =
        password == null
            ? KeyPairFiles.generate(scheme, privateFile, publicFile)
            : KeyPairFiles.generate(scheme, privateFile, publicFile, password);
    Output output = Program.of(spec).output(quiet);
    output.result("Key pair generated");
    output.info(
        new Facts()
            .add(
                "private key",
                privateFile
                    + (password == null
                        ? " (not encrypted; keep it secret)"
                        : " (encrypted; keep it secret)"))
            .add("public key", publicFile.toString())
            .add("fingerprint", key.fingerprint()));
    return 0;
  }

  @Override
  public boolean quiet() {
    return quiet;
  }

  @Override
  public String failure() {
    return "Generating keys failed with error";
  }
}
