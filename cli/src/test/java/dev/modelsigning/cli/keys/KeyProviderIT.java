package dev.modelsigning.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Workspace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Key providers of others, each in a jar of its own beside the packaged tool, which was compiled
 * against it and knows nothing of ours but what is public.
 */
class KeyProviderIT {

  /** Opens {@code NAME:FILE}, keys in files that hold a pair as the JDK encodes it. */
  private static final String SOURCE =
      """
      package com.example.keys;

      import dev.modelsigning.bundle.Bytes;
      import dev.modelsigning.signing.SigningException;
      import dev.modelsigning.signingkey.KeyContext;
      import dev.modelsigning.signingkey.KeyProvider;
      import dev.modelsigning.signingkey.SigningKey;
      import java.io.IOException;
      import java.net.URI;
      import java.nio.file.Files;
      import java.nio.file.Path;
      import java.security.GeneralSecurityException;
      import java.security.InvalidKeyException;
      import java.security.KeyFactory;
      import java.security.PublicKey;
      import java.security.spec.PKCS8EncodedKeySpec;
      import java.security.spec.X509EncodedKeySpec;
      import java.util.Base64;
      import java.util.List;
      import java.util.Set;

      public final class CLASS implements KeyProvider {

        public CLASS() {
          FAULT
        }

        @Override
        public Set<String> uriSchemes() {
          return Set.of("SCHEME");
        }

        private static byte[] decoded(Path file) throws IOException {
          String text = String.join("", Files.readAllLines(file));
          return Base64.getDecoder().decode(text.replaceAll("-----[A-Z ]+-----", ""));
        }

        private static Path file(URI key, String ending) {
          return Path.of(key.getSchemeSpecificPart() + ending);
        }

        @Override
        public SigningKey open(URI key, KeyContext context) throws IOException, SigningException {
          try {
            KeyFactory factory = KeyFactory.getInstance("EC");
            return SigningKey.of(
                factory.generatePrivate(new PKCS8EncodedKeySpec(decoded(file(key, ".pem")))),
                publicKey(key, context));
          } catch (GeneralSecurityException e) {
            throw new SigningException("not a key", e);
          }
        }

        @Override
        public PublicKey publicKey(URI key, KeyContext context)
            throws IOException, InvalidKeyException {
          try {
            KeyFactory factory = KeyFactory.getInstance("EC");
            return factory.generatePublic(new X509EncodedKeySpec(decoded(file(key, ".pub"))));
          } catch (GeneralSecurityException e) {
            throw new InvalidKeyException("not a key", e);
          }
        }

        @Override
        public List<Path> files(URI key, KeyContext context) {
          return List.of(file(key, ".pem"), file(key, ".pub"));
        }
      }
      """;

  @TempDir private static Path shared;
  private static Path tool;
  private static Path acme;
  private static Path twin;
  private static Path broken;

  @TempDir private Path directory;
  private Workspace workspace;

  @BeforeAll
  static void makeJars() throws IOException {
    tool = Path.of(System.getProperty("modelsigning.root")).resolve("cli/target/model-signing.jar");
    acme = jar("AcmeKeys", "acme", "");
    twin = jar("TwinKeys", "acme", "");
    broken = jar("BrokenKeys", "broken", "if (true) { throw new IllegalStateException(\"no\"); }");
  }

  private static Path jar(String name, String scheme, String fault) throws IOException {
    Path place = Files.createDirectories(shared.resolve(name));
    Path source = place.resolve(name + ".java");
    Files.writeString(
        source, SOURCE.replace("CLASS", name).replace("SCHEME", scheme).replace("FAULT", fault));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    assertThat(
            compiler.run(
                null,
                null,
                null,
                "-cp",
                tool.toString(),
                "-proc:none",
                "-d",
                place.toString(),
                source.toString()))
        .isZero();
    Path jar = shared.resolve(name + ".jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      String type = "com/example/keys/" + name + ".class";
      out.putNextEntry(new JarEntry(type));
      out.write(Files.readAllBytes(place.resolve(type)));
      out.putNextEntry(new JarEntry("META-INF/services/dev.modelsigning.signingkey.KeyProvider"));
      out.write(("com.example.keys." + name + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }

  @BeforeEach
  void makeWorkspace() throws IOException {
    workspace = Workspace.in(directory);
  }

  private record Ended(int status, String out, String err) {
    Ended assertStatus(int expected) {
      assertThat(status).as("exit status; %s%s", out, err).isEqualTo(expected);
      assertThat(err).doesNotContain("\tat ");
      return this;
    }
  }

  private Ended run(List<Path> jars, Object... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(
        String.join(
            System.getProperty("path.separator"),
            Stream.concat(Stream.of(tool), jars.stream()).map(Path::toString).toList()));
    command.add("dev.modelsigning.cli.Main");
    Stream.of(args).map(Object::toString).forEach(command::add);
    Path out = Files.createTempFile(shared, "out", ".txt");
    Path err = Files.createTempFile(shared, "err", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    process.getOutputStream().close();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + command);
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private Ended sign(List<Path> jars, String key) throws Exception {
    return run(
        jars, "sign", "key", workspace.model(), "--private-key", key, "--signature", "m.sig");
  }

  @Test
  void signsAndVerifiesWithKeysOfAProviderInAJarOfItsOwn() throws Exception {
    sign(List.of(acme), "acme:key").assertStatus(0);
    Object[] verify = {
      "verify", "key", workspace.model(), "--signature", "m.sig", "--public-key", "acme:key"
    };
    assertThat(run(List.of(acme), verify).assertStatus(0).out()).contains("succeeded");
    verify[6] = workspace.publicKey();
    run(List.of(), verify).assertStatus(0);
  }

  @Test
  void writesNoSignatureOverAFileOfTheKey() throws Exception {
    byte[] before = Files.readAllBytes(workspace.privateKey());
    Ended ended =
        run(
            List.of(acme),
            "sign",
            "key",
            workspace.model(),
            "--private-key",
            "acme:key",
            "--signature",
            "key.pem");
    assertThat(ended.assertStatus(1).err()).contains("key.pem");
    assertThat(workspace.privateKey()).hasBinaryContent(before);
  }

  @ParameterizedTest
  @CsvSource({"acme://key, ''", "broken://key, com.example.keys.BrokenKeys"})
  void namesTheKnownSchemes(String key, String words) throws Exception {
    Ended ended = sign(words.isEmpty() ? List.of() : List.of(acme, broken), key);
    assertThat(ended.assertStatus(1).err())
        .contains(
            "no key provider knows the scheme",
            "known schemes: ",
            "awskms, file, hashivault, openbao, pkcs11",
            words);
    assertThat(directory.resolve("m.sig")).doesNotExist();
  }

  @Test
  void usesTheOthersWhereOneFailsAndNamesIt() throws Exception {
    Ended ended = sign(List.of(broken, acme), "acme:key").assertStatus(0);
    assertThat(ended.err()).contains("com.example.keys.BrokenKeys");
    // A user who names a file does not get a message about something that was not requested.
    assertThat(sign(List.of(broken), "key.pem").assertStatus(0).err()).doesNotContain("BrokenKeys");
  }

  @Test
  void refusesTwoProvidersForOneScheme() throws Exception {
    Ended ended = sign(List.of(acme, twin), "acme:key").assertStatus(1);
    assertThat(ended.err()).contains("com.example.keys.AcmeKeys", "com.example.keys.TwinKeys");
    assertThat(directory.resolve("m.sig")).doesNotExist();
  }

  @Test
  void takesAPathWithADotBeforeItForAPath() throws Exception {
    Files.copy(workspace.privateKey(), directory.resolve("acme:key"));
    sign(List.of(acme), "./acme:key").assertStatus(0);
    // Without the provider it is a path anyway.
    sign(List.of(), "acme:key").assertStatus(0);
  }
}
