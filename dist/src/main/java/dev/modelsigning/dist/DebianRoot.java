package dev.modelsigning.dist;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The root file system of the image: the C library, a shell and one locale, from Debian packages
 * that are pinned by their digests, so that the mirror need not be trusted.
 */
final class DebianRoot {

  /** The second mirror keeps packages that the first one has replaced by newer ones. */
  private static final List<String> MIRRORS =
      List.of(
          "http://deb.debian.org/debian/",
          "http://snapshot.debian.org/archive/debian/20261120T000000Z/");

  private final List<Part> packages;

  /**
   * A Debian package.
   *
   * @param digest its SHA-256, in hexadecimal
   * @param control its control file
   * @param file where it is
   */
  record Part(
      String name, String version, String architecture, String digest, String control, Path file) {

    /** Its package URL. */
    String purl() {
      return "pkg:deb/debian/"
          + name
          + "@"
          + version.replace("+", "%2B")
          + "?arch="
          + architecture
          + "&distro=debian-13";
    }
  }

  private DebianRoot(List<Part> packages) {
    this.packages = List.copyOf(packages);
  }

  List<Part> packages() {
    return packages;
  }

  /**
   * Returns the packages from the cache, or downloads them.
   *
   * @throws BuildException if one cannot be downloaded, or has another digest
   */
  static DebianRoot fetch(Settings settings, Jdk jdk, PrintStream log)
      throws IOException, BuildException, InterruptedException {
    List<Part> found = new ArrayList<>();
    Path list = settings.sources().resolve("image/debian-packages.txt");
    for (String line : Files.readAllLines(list, StandardCharsets.UTF_8)) {
      String[] fields = line.split(" ", -1);
      if (line.startsWith("#") || !fields[0].equals(jdk.architecture())) {
        continue;
      }
      found.add(read(fetch(settings.cache(), fields[1], fields[2], log), fields[1]));
    }
    if (found.isEmpty()) {
      throw new BuildException("no packages for " + jdk.architecture() + " in " + list);
    }
    return new DebianRoot(found);
  }

  /** Adds the files of the packages that the image needs. */
  void addTo(TarGz tar) throws IOException {
    for (String[] link :
        new String[][] {
          {"bin", "usr/bin"}, {"lib", "usr/lib"}, {"lib64", "usr/lib64"}, {"sbin", "usr/sbin"}
        }) {
      tar.link(link[0], link[1]);
    }
    for (Part one : packages) {
      try (TarArchiveInputStream in = open(one.file(), "data.tar")) {
        for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
          String name = name(entry);
          if (!isKept(name)) {
            continue;
          }
          if (entry.isSymbolicLink()) {
            tar.link(name, entry.getLinkName());
          } else if (entry.isFile()) {
            tar.file(name, entry.getMode() & 0755, in.readAllBytes());
          }
        }
      }
      // Image scanners look for packages here if there is no dpkg database.
      tar.file(
          "var/lib/dpkg/status.d/" + one.name(),
          0644,
          one.control().getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Whether the image contains a file: the C library and its loader, the shell, the locale, the
   * files that identify the distribution to scanners, and all licences.
   */
  private static boolean isKept(String name) {
    return name.matches(
            "usr/lib/[^/]+-linux-gnu/"
                + "(ld-linux-[^/]+|lib(c|m|dl|pthread|rt|resolv|util|nss_dns|nss_files|gcc_s)\\.so\\.\\d+)")
        || name.matches("usr/lib(64)?/ld-linux-[^/]+")
        || name.matches("usr/bin/(dash|sh)")
        || name.startsWith("usr/lib/locale/C.utf8/")
        || name.matches("usr/share/doc/[^/]+(/copyright)?")
        || name.startsWith("usr/share/common-licenses/")
        || name.equals("usr/lib/os-release")
        || name.equals("etc/os-release")
        || name.equals("etc/debian_version");
  }

  private static String name(TarArchiveEntry entry) {
    return entry.getName().replaceFirst("^\\./", "").replaceFirst("/$", "");
  }

  private static Path fetch(Path cache, String digest, String path, PrintStream log)
      throws IOException, BuildException, InterruptedException {
    Path kept = cache.resolve(digest + ".deb");
    if (Files.isRegularFile(kept) && digest(Files.readAllBytes(kept)).equals(digest)) {
      return kept;
    }
    Files.createDirectories(cache);
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(20))
            .followRedirects(HttpClient.Redirect.NORMAL);
    proxy().ifPresent(builder::proxy);
    HttpClient client = builder.build();
    List<String> failures = new ArrayList<>();
    for (String mirror : MIRRORS) {
      URI uri = URI.create(mirror + path.replace("+", "%2B"));
      log.println("downloading " + uri);
      try {
        HttpResponse<byte[]> answer =
            client.send(
                HttpRequest.newBuilder(uri).timeout(Duration.ofMinutes(2)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
          failures.add(uri + ": status " + answer.statusCode());
        } else if (!digest(answer.body()).equals(digest)) {
          failures.add(uri + ": SHA-256 expected " + digest + ", found " + digest(answer.body()));
        } else {
          Path part = Files.createTempFile(cache, "part", ".deb");
          Files.write(part, answer.body());
          Files.move(
              part, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
          return kept;
        }
      } catch (IOException e) {
        failures.add(uri + ": " + e);
      }
    }
    throw new BuildException(
        "cannot download a Debian package of the image; put it into "
            + kept
            + ", or see debian-packages.txt for how to follow a point release: "
            + String.join("; ", failures));
  }

  /** The proxy of the environment variable {@code http_proxy}, which Java ignores. */
  private static java.util.Optional<ProxySelector> proxy() throws BuildException {
    String value = System.getenv("http_proxy");
    if (value == null || value.isEmpty()) {
      return java.util.Optional.empty();
    }
    URI proxy = URI.create(value.contains("://") ? value : "http://" + value);
    if (proxy.getHost() == null) {
      throw new BuildException("http_proxy names no host");
    }
    return java.util.Optional.of(
        ProxySelector.of(
            new java.net.InetSocketAddress(
                proxy.getHost(), proxy.getPort() < 0 ? 80 : proxy.getPort())));
  }

  private static Part read(Path file, String digest) throws IOException, BuildException {
    try (TarArchiveInputStream in = open(file, "control.tar")) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (name(entry).equals("control")) {
          String control = new String(in.readAllBytes(), StandardCharsets.UTF_8);
          return new Part(
              field(control, "Package"),
              field(control, "Version"),
              field(control, "Architecture"),
              digest,
              control,
              file);
        }
      }
    }
    throw new BuildException("no control file in " + file);
  }

  private static String field(String control, String name) throws BuildException {
    return control
        .lines()
        .filter(line -> line.startsWith(name + ": "))
        .map(line -> line.substring(name.length() + 2))
        .findFirst()
        .orElseThrow(() -> new BuildException("no " + name + " in a control file"));
  }

  private static TarArchiveInputStream open(Path file, String member) throws IOException {
    ArArchiveInputStream ar =
        new ArArchiveInputStream(new BufferedInputStream(Files.newInputStream(file)));
    for (ArArchiveEntry entry = ar.getNextEntry(); entry != null; entry = ar.getNextEntry()) {
      if (entry.getName().startsWith(member)) {
        if (!entry.getName().equals(member + ".xz")) {
          ar.close();
          throw new IOException("expected " + member + ".xz in " + file + ": " + entry.getName());
        }
        byte[] content = ar.readAllBytes();
        ar.close();
        InputStream inflated = new XZCompressorInputStream(new ByteArrayInputStream(content));
        return new TarArchiveInputStream(inflated, StandardCharsets.UTF_8.name());
      }
    }
    ar.close();
    throw new IOException("no " + member + " in " + file);
  }

  private static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
