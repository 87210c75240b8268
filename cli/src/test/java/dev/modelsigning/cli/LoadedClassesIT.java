package dev.modelsigning.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.signingkey.EcdsaScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The classes that the packaged tool loads. Loading each takes time, which matters for small
 * models.
 */
class LoadedClassesIT {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));

  private static final Path JAR = ROOT.resolve("cli/target/model-signing.jar");

  /** What only other commands need. */
  private static final List<String> FOREIGN =
      List.of(
          "dev.modelsigning.sigstore.",
          "dev.modelsigning.pkcs11.",
          "dev.modelsigning.kms.",
          "dev.modelsigning.policy.",
          "dev.modelsigning.cli.sign.SignSigstoreCommand",
          "dev.modelsigning.cli.verify.VerifySigstoreCommand",
          "dev.modelsigning.cli.pkcs11.",
          "dev.sigstore.",
          "com.google.",
          "com.sun.jna.",
          "software.amazon.",
          "dev.modelsigning.opentelemetry.",
          "io.opentelemetry.",
          "org.slf4j.",
          "java.net.http.");

  /** What is slow to set up. */
  private static final List<String> SLOW =
      List.of("java.text.DecimalFormat", "java.time.format.DateTimeFormatter");

  /**
   * What verifying by a key does without: its arithmetic needs neither Bouncy Castle's registry of
   * services, which logs, nor the elliptic curves of the JDK.
   */
  private static final List<String> SERVICES =
      List.of(
          "java.util.logging.",
          "sun.security.ec.",
          "org.bouncycastle.crypto.CryptoServicesRegistrar",
          "org.bouncycastle.crypto.ec.",
          "org.bouncycastle.crypto.signers.ECDSASigner");

  /**
   * What makes classes at each start, which no archive has: generated methods of records, and
   * comparators that can be serialized. Malformed files of the model are reported without it, too.
   */
  private static final List<String> GENERATED =
      List.of("java.lang.runtime.ObjectMethods", "java.util.Comparator$$Lambda");

  /** What is needed to read how commands are declared, which the common ones do not. */
  private static final List<String> ANNOTATIONS =
      List.of(
          "picocli.CommandLine$Command",
          "picocli.CommandLine$Mixin",
          "picocli.CommandLine$Option",
          "picocli.CommandLine$Parameters",
          "picocli.CommandLine$Spec");

  @TempDir private Path directory;
  private Path model;

  @BeforeEach
  void makeModel() throws IOException {
    model = Files.createDirectory(directory.resolve("model"));
    for (String name : List.of("config.json", "README.md", "weights")) {
      Files.writeString(model.resolve(name), name);
    }
  }

  private Collection<String> loadedBy(Object... args) throws IOException, InterruptedException {
    Path log = directory.resolve("classes.log");
    Path printed = directory.resolve("printed.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xlog:class+load:file=" + log + ":none");
    command.addAll(List.of("-jar", JAR.toString()));
    for (Object arg : args) {
      command.add(arg.toString());
    }
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + command);
    }
    assertThat(process.exitValue()).as(Files.readString(printed)).isZero();
    Collection<String> names = new TreeSet<>();
    for (String line : Files.readAllLines(log)) {
      names.add(line.split(" ", 2)[0]);
    }
    return names;
  }

  private static void assertNone(Collection<String> names, List<String> prefixes) {
    assertThat(names.stream().filter(name -> prefixes.stream().anyMatch(name::startsWith)))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256", "blake2b", "blake3"})
  void hashesWithoutOtherCommandsAndBouncyCastle(String algorithm) throws Exception {
    Collection<String> names = loadedBy("digest", model, "--hash-algorithm", algorithm);

    assertThat(names).contains("dev.modelsigning.cli.inspect.DigestCommand");
    assertNone(names, FOREIGN);
    assertNone(names, SLOW);
    assertNone(names, ANNOTATIONS);
    assertNone(names, List.of("org.bouncycastle.", "tools.jackson.", "java.util.logging."));
  }

  @Test
  void verifiesByAKeyWithoutOtherCommands() throws Exception {
    Path privateKey = directory.resolve("key.pem");
    Path publicKey = directory.resolve("key.pub");
    Path signature = directory.resolve("model.sig");
    KeyPairFiles.generate(EcdsaScheme.P256, privateKey, publicKey);
    Collection<String> signing =
        loadedBy("sign", "key", model, "--private-key", privateKey, "--signature", signature);
    assertThat(signing).contains("dev.modelsigning.cli.sign.SignKeyCommand");
    assertNone(signing, ANNOTATIONS);

    Collection<String> names =
        loadedBy("verify", "key", model, "--public-key", publicKey, "--signature", signature);

    assertThat(names).contains("dev.modelsigning.cli.verify.VerifyKeyCommand");
    assertNone(names, FOREIGN);
    assertNone(names, SLOW);
    assertNone(names, SERVICES);
    assertNone(names, GENERATED);
    assertNone(names, ANNOTATIONS);
    assertNone(names, List.of("dev.modelsigning.cli.sign."));
  }

  /** All providers of keys are looked up then, and nothing of what they need for their keys. */
  @Test
  void verifiesByAKeyWithAUriWithoutTheLibrariesOfOtherKeys() throws Exception {
    Path privateKey = directory.resolve("key.pem");
    Path publicKey = directory.resolve("key.pub");
    Path signature = directory.resolve("model.sig");
    KeyPairFiles.generate(EcdsaScheme.P256, privateKey, publicKey);
    loadedBy("sign", "key", model, "--private-key", privateKey, "--signature", signature);

    Collection<String> names =
        loadedBy(
            "verify", "key", model, "--public-key", publicKey.toUri(), "--signature", signature);

    assertThat(names).contains("dev.modelsigning.kms.aws.AwsKeyProvider");
    assertNone(names, List.of("software.amazon.", "org.slf4j.", "com.sun.jna.", "java.net.http."));
  }

  /**
   * Certificates are read by the JDK, and their signatures by ECDSA verified as all others are.
   * This is what shows that the JDK's validator of paths does not verify them in its way.
   */
  @Test
  void verifiesByACertificateWithoutTheArithmeticOfTheJdk() throws Exception {
    Path vectors = ROOT.resolve("vectors");
    Path files = vectors.resolve("certificate/files");
    Path signature = directory.resolve("model.sig");
    loadedBy(
        "sign",
        "certificate",
        model,
        "--signature",
        signature,
        "--private-key",
        vectors.resolve("keys-for-tests-only/signer.pem"),
        "--signing-certificate",
        files.resolve("signer.pem"),
        "--certificate-chain",
        files.resolve("issuing.pem"));

    Collection<String> names =
        loadedBy(
            "verify",
            "certificate",
            model,
            "--signature",
            signature,
            "--certificate-chain",
            files.resolve("root.pem"),
            "--certificate-identity",
            "CN=Signer");

    assertThat(names)
        .contains(
            "dev.modelsigning.certificate.CertificateVerifier",
            "sun.security.provider.certpath.PKIXCertPathValidator");
    assertNone(names, ANNOTATIONS);
    assertNone(names, List.of("sun.security.ec.ECDSA", "sun.security.ec.ECOperations"));
  }

  /** A trusted root is a message of Protocol Buffers, whose library is not needed to read it. */
  @Test
  void verifiesBySigstoreWithoutLibrariesForMessages() throws Exception {
    Path vectors = ROOT.resolve("vectors");

    Collection<String> names =
        loadedBy(
            "verify",
            "sigstore",
            vectors.resolve("models/plain"),
            "--signature",
            vectors.resolve("sigstore/root-without-media-type.sigstore.json"),
            "--trusted-root",
            vectors.resolve("sigstore/files/root-without-media-type.json"),
            "--identity",
            "alice@example.com",
            "--identity-provider",
            "https://accounts.example.com");

    assertThat(names)
        .contains(
            "dev.modelsigning.sigstore.SigstoreVerifier",
            "dev.sigstore.encryption.certificates.transparency.CTVerifier");
    assertNone(names, ANNOTATIONS);
    assertNone(names, List.of("com.google.", "tools.jackson.", "com.sun.jna.", "java.net.http."));
    assertNone(
        names, List.of("dev.sigstore.proto.", "dev.sigstore.tuf.", "dev.sigstore.trustroot."));
    assertNone(
        names,
        List.of(
            "dev.modelsigning.sigstore.identity.",
            "dev.modelsigning.sigstore.SigstoreSigner",
            "dev.modelsigning.sigstore.TrustRepository",
            "dev.modelsigning.policy."));
    assertNone(names, List.of("java.text.DecimalFormat", "java.text.SimpleDateFormat"));
  }

  /** A policy names all methods; only those that its rule needs are there. */
  @Test
  void verifiesByAPolicyOfKeysWithoutOtherMethods() throws Exception {
    KeyPairFiles.generate(
        EcdsaScheme.P256, directory.resolve("key.pem"), directory.resolve("key.pub"));
    Path policy = directory.resolve("policy.yaml");
    Files.writeString(
        policy,
        """
        version: 1
        signers:
          us: { key: { public-key: key.pub } }
          ci: { sigstore: { identity: a@b.example, issuer: https://b.example } }
        models:
          - { match: model, signatures: { of: us } }
        """);
    loadedBy(
        "sign",
        "key",
        model,
        "--private-key",
        directory.resolve("key.pem"),
        "--signature",
        directory.resolve("model.sig"));

    Collection<String> names = loadedBy("verify", "policy", model, "--policy", policy);

    assertThat(names).contains("dev.modelsigning.policy.Policy");
    assertNone(names, ANNOTATIONS);
    assertNone(names, List.of("dev.sigstore.", "com.google.protobuf.", "java.net.http.HttpClient"));
    assertNone(names, List.of("dev.modelsigning.pkcs11.", "com.sun.jna."));
  }
}
