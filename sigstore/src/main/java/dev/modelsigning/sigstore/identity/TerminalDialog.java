package dev.modelsigning.sigstore.identity;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.platform.ChildEnvironment;
import dev.modelsigning.internal.platform.Programs;
import dev.modelsigning.internal.platform.UserDirectories;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A dialog on a terminal: prints the URL for signing in, and opens a browser if possible. */
public final class TerminalDialog implements SignInDialog {

  /** The variables through which programs find the desktop and its browser. */
  private static final List<String> DESKTOP =
      List.of(
          "DISPLAY",
          "WAYLAND_*",
          "XAUTHORITY",
          "XDG_*",
          "DBUS_SESSION_BUS_ADDRESS",
          "DESKTOP_SESSION",
          "GNOME_*",
          "KDE_*",
          "GTK_*",
          "GDK_*",
          "QT_*",
          "MOZ_*",
          "BROWSER",
          "WSL*",
          "SESSIONNAME");

  private final PrintStream out;
  private final BufferedReader in;
  private final boolean opensBrowser;
  private final Map<String, String> environment;

  private TerminalDialog(
      PrintStream out, BufferedReader in, boolean opensBrowser, Map<String, String> environment) {
    this.out = out;
    this.in = in;
    this.opensBrowser = opensBrowser;
    this.environment = environment;
  }

  /**
   * Returns a dialog.
   *
   * @param out the output
   * @param in the input
   */
  public static TerminalDialog using(PrintStream out, BufferedReader in) {
    return new TerminalDialog(out, in, true, System.getenv());
  }

  /** Returns the same dialog, which only prints the URL. */
  public TerminalDialog withoutBrowser() {
    return new TerminalDialog(out, in, false, environment);
  }

  /** Returns the same dialog with other environment variables. */
  TerminalDialog withEnvironment(Map<String, String> other) {
    return new TerminalDialog(out, in, opensBrowser, other);
  }

  @Override
  public void show(URI address) {
    // In ASCII, and therefore without invisible characters or ones that change the direction of
    // writing.
    String shown = address.toASCIIString();
    boolean opened = opensBrowser && open(shown);
    out.println(
        opened
            ? "Sign in in the browser that was opened, or at this address:"
            : "Sign in at this address:");
    out.println(Printable.escape(shown));
    out.flush();
  }

  @Override
  public String code() throws IOException {
    out.print("Enter verification code: ");
    out.flush();
    String line = in.readLine();
    return line == null ? "" : line;
  }

  /** Asks the desktop to open a browser; whether it does is unknown. */
  private boolean open(String address) {
    Optional<List<String>> command = command(address);
    if (command.isEmpty()) {
      return false;
    }
    try {
      Programs.prepare(command.get(), ChildEnvironment.of(environment, DESKTOP))
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
      return true;
    } catch (IOException e) {
      // No desktop; the URL is printed anyway.
      return false;
    }
  }

  private Optional<List<String>> command(String address) {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (system.startsWith("windows")) {
      return UserDirectories.absolute(environment.get("SystemRoot"))
          .map(root -> root.resolve("System32").resolve("rundll32.exe").toString())
          .map(program -> List.of(program, "url.dll,FileProtocolHandler", address));
    }
    if (system.startsWith("mac")) {
      return Optional.of(List.of("/usr/bin/open", address));
    }
    // On other systems, a text browser would be opened in the terminal if there is no desktop.
    boolean desktop =
        environment.containsKey("DISPLAY") || environment.containsKey("WAYLAND_DISPLAY");
    return Programs.find("xdg-open", environment)
        .filter(program -> desktop)
        .map(program -> List.of(program.toString(), address));
  }
}
