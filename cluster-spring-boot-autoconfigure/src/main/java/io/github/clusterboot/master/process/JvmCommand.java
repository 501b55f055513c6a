package io.github.clusterboot.master.process;

import java.lang.management.ManagementFactory;

import javax.management.JMException;
import javax.management.ObjectName;

import io.github.clusterboot.master.loop.MasterLog;
import org.apache.commons.logging.Log;

/**
 * What {@code jcmd} can ask this JVM to do. To get at the commands takes some hundred
 * milliseconds at first.
 */
public final class JvmCommand {

	private static final Log logger = MasterLog.of(JvmCommand.class);

	private static final String COMMANDS = "com.sun.management:type=DiagnosticCommand";

	private JvmCommand() {
	}

	/**
	 * Have the JVM do something.
	 * @param operation the command, as its MBean names it
	 * @param arguments the command's arguments
	 * @return whether it has: another JVM, or one of another release, may not know it
	 */
	public static boolean run(String operation, String... arguments) {
		Object[] parameters = (arguments.length > 0) ? new Object[] { arguments } : new Object[0];
		String[] signature = (arguments.length > 0) ? new String[] { String[].class.getName() } : new String[0];
		try {
			ManagementFactory.getPlatformMBeanServer()
				.invoke(new ObjectName(COMMANDS), operation, parameters, signature);
			return true;
		}
		catch (JMException | RuntimeException | LinkageError ex) {
			logger.debug("The JVM does not do '" + operation + "'", ex);
			return false;
		}
	}

}
