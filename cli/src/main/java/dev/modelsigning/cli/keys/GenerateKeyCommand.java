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
import dev.modelsigning.signingkey.MlDsaScheme;
import dev.modelsigning.signingkey.SignatureScheme;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
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
      "      --encrypt",
      "  model-signing generate-key --algorithm ml-dsa-65 \\",
      "      --private-key mldsa.pem --public-key mldsa.pub"
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
  private @Nullable String curve;

  @Option(
      names = "--algorithm",
      paramLabel = "NAME",
      completionCandidates = Algorithms.class,
      description =
          "The algorithm: ecdsa-p256, ecdsa-p384 or ecdsa-p521, as --curve says it, or ml-dsa-44,"
              + " ml-dsa-65 or ml-dsa-87, which OMS v1.0 does not have; see --beyond-oms of 'sign"
              + " key'.")
  private @Nullable String algorithm;

  /** The algorithms, for the completion of command lines. */
  private static final class Algorithms implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.concat(
              EcdsaScheme.values().stream().map(GenerateKeyCommand::name),
              MlDsaScheme.values().stream().map(GenerateKeyCommand::name))
          .iterator();
    }
  }

  private static String name(EcdsaScheme scheme) {
    return "ecdsa-" + scheme.curve().replace("-", "").toLowerCase(Locale.ROOT);
  }

  private static String name(MlDsaScheme scheme) {
    return scheme.name().toLowerCase(Locale.ROOT);
  }

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
    SignatureScheme scheme = scheme();
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
    VerifyingKey key = generate(scheme, privateFile, publicFile, password);
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
    if (scheme instanceof MlDsaScheme) {
      output.info(
          "OMS v1.0 does not have "
              + scheme.name()
              + ": sign with --beyond-oms, beside a signature with an elliptic-curve key (--also)");
    }
    return 0;
  }

  private SignatureScheme scheme() {
    Optional<EcdsaScheme> ofCurve = curve == null ? Optional.empty() : Optional.of(scheme(curve));
    if (algorithm == null) {
      return ofCurve.orElse(EcdsaScheme.P256);
    }
    String wanted = algorithm;
    SignatureScheme named =
        Stream.<SignatureScheme>concat(
                EcdsaScheme.values().stream().filter(one -> name(one).equalsIgnoreCase(wanted)),
                MlDsaScheme.named(wanted).stream())
            .findFirst()
            .orElseThrow(() ->
                new WrongUsage(
                    spec,
                    "--algorithm is ecdsa-p256, ecdsa-p384, ecdsa-p521, ml-dsa-44, ml-dsa-65 or"
                        + " ml-dsa-87, not "
                        + Harmless.word(wanted).orElse("what was given")));
    if (ofCurve.isPresent() && !named.equals(ofCurve.get())) {
      throw new WrongUsage(
          spec,
          named instanceof MlDsaScheme
              ? "keys for " + named.name() + " have no curve; leave --curve out"
              : "--curve and --algorithm name different curves; leave one of them out");
    }
    return named;
  }

  private EcdsaScheme scheme(String name) {
    return EcdsaScheme.values().stream()
        .filter(one -> one.curve().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() ->
            new WrongUsage(
                spec,
                "--curve is P-256, P-384 or P-521, not "
                    + Harmless.word(name).orElse("what was given")));
  }

  private static VerifyingKey generate(
      SignatureScheme scheme, Path privateFile, Path publicFile, char @Nullable [] password)
      throws IOException {
    if (scheme instanceof MlDsaScheme mlDsa) {
      return password == null
          ? KeyPairFiles.generate(mlDsa, privateFile, publicFile)
          : KeyPairFiles.generate(mlDsa, privateFile, publicFile, password);
    }
    if (scheme instanceof EcdsaScheme ecdsa) {
      return password == null
          ? KeyPairFiles.generate(ecdsa, privateFile, publicFile)
          : KeyPairFiles.generate(ecdsa, privateFile, publicFile, password);
    }
    throw new IllegalStateException("no generator for " + scheme);
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
