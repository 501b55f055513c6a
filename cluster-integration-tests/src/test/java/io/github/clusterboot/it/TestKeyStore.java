package io.github.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.springframework.util.Assert;

/**
 * A key store with a key for {@code localhost}, made once for all tests.
 */
final class TestKeyStore {

	private static final String PASSWORD = "secret";

	private static final String BUNDLE = "spring.ssl.bundle.jks.test.";

	private final Path file;

	private TestKeyStore(Path file) {
		this.file = file;
	}

	static TestKeyStore get() {
		Path file = ItSettings.directory().resolve("localhost.p12");
		if (!Files.exists(file)) {
			create(file);
		}
		return new TestKeyStore(file);
	}

	private static void create(Path file) {
		try {
			Files.createDirectories(file.getParent());
			Path temporary = Files.createTempDirectory(file.getParent(), "keys").resolve("store.p12");
			Process keytool = new ProcessBuilder(ItSettings.jdkCommand("keytool").toString(), "-genkeypair", "-alias",
					"localhost", "-keyalg", "EC", "-storetype", "PKCS12", "-keystore", temporary.toString(),
					"-storepass", PASSWORD, "-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1",
					"-validity", "3650")
				.inheritIO()
				.start();
			Assert.state(keytool.waitFor() == 0, "keytool has failed");
			putInPlace(temporary, file);
			Files.delete(temporary);
			Files.delete(temporary.getParent());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void putInPlace(Path temporary, Path file) throws IOException {
		try {
			Files.createLink(file, temporary);
		}
		catch (FileAlreadyExistsException ex) {
			// another test process was first
		}
	}

	/**
	 * Return where the key store is.
	 * @return the path of a file of the type PKCS12
	 */
	Path file() {
		return this.file;
	}

	String password() {
		return PASSWORD;
	}

	/**
	 * Return the arguments that make a server use the key by an SSL bundle.
	 * @return the arguments of the application
	 */
	String[] arguments() {
		return new String[] { "--" + BUNDLE + "keystore.location=file:" + this.file,
				"--" + BUNDLE + "keystore.password=" + PASSWORD, "--" + BUNDLE + "keystore.type=PKCS12",
				"--server.ssl.bundle=test" };
	}

	/**
	 * Return what a client needs to trust the server.
	 * @return the context
	 */
	SSLContext clientContext() {
		try {
			KeyStore store = KeyStore.getInstance(this.file.toFile(), PASSWORD.toCharArray());
			KeyStore trusted = KeyStore.getInstance("PKCS12");
			trusted.load(null, null);
			trusted.setCertificateEntry("localhost", store.getCertificate("localhost"));
			TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			factory.init(trusted);
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, factory.getTrustManagers(), null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
