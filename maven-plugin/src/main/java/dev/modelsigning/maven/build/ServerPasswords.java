package dev.modelsigning.maven.build;

import dev.modelsigning.internal.json.Printable;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.SettingsProblem;
import org.apache.maven.settings.crypto.DefaultSettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;

/** Passwords and PINs of the user's {@code settings.xml}, decrypted. */
public final class ServerPasswords {

  private final Settings settings;
  private final SettingsDecrypter decrypter;

  public ServerPasswords(Settings settings, SettingsDecrypter decrypter) {
    this.settings = settings;
    this.decrypter = decrypter;
  }

  /**
   * The password of a server.
   *
   * @param parameter the parameter that names the server
   * @throws WrongParameterException if there is no such server, or its password cannot be decrypted
   */
  public char[] password(String parameter, String id) throws WrongParameterException {
    Server server = settings.getServer(id);
    if (server == null) {
      throw new WrongParameterException(
          parameter, "there is no server " + Printable.quote(id) + " in settings.xml");
    }
    SettingsDecryptionResult result =
        decrypter.decrypt(new DefaultSettingsDecryptionRequest(server));
    for (SettingsProblem problem : result.getProblems()) {
      if (problem.getSeverity() != SettingsProblem.Severity.WARNING) {
        // Without the message of the problem, which may contain the encrypted password.
        throw new WrongParameterException(
            parameter,
            "the password of the server "
                + Printable.quote(id)
                + " in settings.xml cannot be decrypted; see settings-security.xml");
      }
    }
    String password = result.getServer().getPassword();
    if (password == null || password.isEmpty()) {
      throw new WrongParameterException(
          parameter, "the server " + Printable.quote(id) + " in settings.xml has no password");
    }
    return password.toCharArray();
  }
}
