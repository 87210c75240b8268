package dev.modelsigning.dist;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/** Writes the Debian package, without root permissions and without Debian tools. */
final class DebianPackage {

  private static final String HOME = "usr/lib/model-signing";

  private final Settings settings;
  private final Jdk jdk;
  private final Installation installation;
  private final Sbom sbom;

  /** An entry of the package: a file with its permissions, or the target of a symbolic link. */
  private sealed interface Node permits Content, Link {}

  @SuppressWarnings("ArrayRecordComponent")
  private record Content(byte[] bytes, int mode) implements Node {}

  private record Link(String target) implements Node {}

  DebianPackage(Settings settings, Jdk jdk, Installation installation, Sbom sbom) {
    this.settings = settings;
    this.jdk = jdk;
    this.installation = installation;
    this.sbom = sbom;
  }

  void write(Path file) throws IOException, BuildException {
    Map<String, Node> nodes = nodes();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    StringBuilder sums = new StringBuilder();
    long size = 0;
    try (TarGz tar = TarGz.to(data, settings.time())) {
      tar.directory(".", 0755);
      for (Map.Entry<String, Node> node : nodes.entrySet()) {
        String name = "./" + node.getKey();
        if (node.getValue() instanceof Content content) {
          tar.file(name, content.mode(), content.bytes());
          sums.append(md5(content.bytes())).append("  ").append(node.getKey()).append('\n');
          size += content.bytes().length;
        } else if (node.getValue() instanceof Link link) {
          tar.link(name, link.target());
        }
      }
    }
    ByteArrayOutputStream control = new ByteArrayOutputStream();
    try (TarGz tar = TarGz.to(control, settings.time())) {
      tar.directory(".", 0755);
      tar.file("./control", 0644, utf8(control(size)));
      tar.file("./md5sums", 0644, utf8(sums.toString()));
    }
    try (OutputStream out = Files.newOutputStream(file);
        ArArchiveOutputStream ar = new ArArchiveOutputStream(out)) {
      member(ar, "debian-binary", utf8("2.0\n"));
      member(ar, "control.tar.gz", control.toByteArray());
      member(ar, "data.tar.gz", data.toByteArray());
    }
  }

  private Map<String, Node> nodes() throws IOException {
    Map<String, Node> nodes = new TreeMap<>();
    Path top = installation.top();
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : all.sorted().toList()) {
        String name = top.relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
          nodes.put(place(name), new Link(Files.readSymbolicLink(path).toString()));
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
          byte[] bytes = Files.readAllBytes(path);
          if (name.startsWith("share/man/")) {
            nodes.put(place(name) + ".gz", new Content(gzip(bytes), 0644));
          } else if (!name.equals("share/doc/model-signing/LICENSE")) {
            nodes.put(
                place(name),
                new Content(bytes, Files.isExecutable(path) && mode(path) ? 0755 : 0644));
          }
        }
      }
    }
    nodes.put("usr/bin/model-signing", new Link("../lib/model-signing/bin/model-signing"));
    nodes.put("usr/share/doc/model-signing/copyright", new Content(utf8(copyright()), 0644));
    nodes.put(
        "usr/share/doc/model-signing/changelog.gz", new Content(gzip(utf8(changelog())), 0644));
    nodes.put("usr/share/lintian/overrides/model-signing", new Content(utf8(overrides()), 0644));
    return nodes;
  }

  private static boolean mode(Path path) throws IOException {
    return Files.getPosixFilePermissions(path)
        .contains(java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE);
  }

  /** The path of a file of the installation in Debian. */
  private static String place(String name) {
    if (name.startsWith("share/zsh/site-functions/")) {
      return name.replace("share/zsh/site-functions/", "usr/share/zsh/vendor-completions/");
    }
    return name.startsWith("share/") ? "usr/" + name : HOME + "/" + name;
  }

  private String control(long size) throws IOException, BuildException {
    return """
    Package: model-signing
    Version: %s
    Architecture: %s
    Maintainer: %s
    Installed-Size: %d
    Depends: %s
    Recommends: p11-kit
    Suggests: bash-completion, opensc, softhsm2
    Section: utils
    Priority: optional
    Description: sign and verify machine-learning models
     Signs and verifies models and data sets in the OpenSSF Model Signing (OMS)
     format: with keys, with certificates, with keys in hardware tokens
     (PKCS #11), and without keys of one's own (Sigstore).
     .
     It brings its own Java runtime, and needs no other.
    """
        .formatted(
            settings.debianVersion(),
            jdk.architecture(),
            settings.maintainer(),
            (size + 1023) / 1024,
            String.join(", ", SystemLibraries.of(installation.top()).depends()));
  }

  private String copyright() {
    StringBuilder text =
        new StringBuilder(
            """
            Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
            Upstream-Name: Model Signing for Java
            Comment:
             The jar has these libraries, whose licences and notices are in THIRD-PARTY-LICENSES
             beside this file, and in META-INF of the jar:
            """);
    for (String line : sbom.licences()) {
      text.append("  ").append(line).append('\n');
    }
    text.append(
        """

        Files: *
        Copyright: 2025 the authors of Model Signing for Java
        License: Apache-2.0

        Files: usr/lib/model-signing/runtime/*
        Copyright: 1994-2025 Oracle and/or its affiliates, and the authors of OpenJDK
        License: GPL-2 with Classpath exception
        Comment:
         Built as %s by %s. The terms of what is in it are in runtime/legal.

        License: Apache-2.0
         On Debian systems the text is in /usr/share/common-licenses/Apache-2.0.

        License: GPL-2 with Classpath exception
         On Debian systems the text of the GNU General Public License, version 2, is in
         /usr/share/common-licenses/GPL-2. The exception is in
         /usr/lib/model-signing/runtime/legal/java.base/ASSEMBLY_EXCEPTION and LICENSE.
        """
            .formatted(jdk.version(), jdk.vendor()));
    return text.toString();
  }

  private String changelog() {
    return """
    model-signing (%s) unstable; urgency=medium

      * Version %s. What is new in it is in CHANGELOG.md of the project.

     -- %s  %s
    """
        .formatted(
            settings.debianVersion(),
            settings.version(),
            settings.maintainer(),
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(settings.time()));
  }

  /** The lintian overrides for a bundled Java runtime, whose files come from the JDK unchanged. */
  private static String overrides() {
    return """
    model-signing: embedded-library *
    model-signing: unstripped-binary-or-object *
    model-signing: hardening-no-fortify-functions *
    model-signing: initial-upload-closes-no-bugs *
    """;
  }

  private void member(ArArchiveOutputStream ar, String name, byte[] content) throws IOException {
    ar.putArchiveEntry(
        new ArArchiveEntry(name, content.length, 0, 0, 0100644, settings.time().getEpochSecond()));
    ar.write(content);
    ar.closeArchiveEntry();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    GzipParameters parameters = new GzipParameters();
    parameters.setCompressionLevel(Deflater.BEST_COMPRESSION);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GzipCompressorOutputStream gzip = new GzipCompressorOutputStream(out, parameters)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The digest that {@code dpkg --verify} uses, which detects accidents, not attacks. */
  private static String md5(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
