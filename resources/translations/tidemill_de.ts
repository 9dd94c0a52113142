<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AdvancedPage</name>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Scheduler</source>
        <translation>Planer</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>Erweitert</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>Datenordner</translation>
    </message>
    <message>
        <source>Settings file</source>
        <translation>Einstellungsdatei</translation>
    </message>
    <message>
        <source>Where everything lies</source>
        <translation>Wo alles liegt</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Open: {0}</source>
        <translation>Öffnen: {0}</translation>
    </message>
    <message>
        <source>No program of this system opens it. It is here: {0}</source>
        <translation>Kein Programm dieses Systems öffnet es. Es liegt hier: {0}</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Ausblenden</translation>
    </message>
</context>
<context>
    <name>BannerStack</name>
    <message>
        <source>and {0} more</source>
        <translation>und {0} weitere</translation>
    </message>
</context>
<context>
    <name>CapBox</name>
    <message>
        <source>no cap</source>
        <translation>kein Limit</translation>
    </message>
    <message>
        <source>{0} at once</source>
        <translation>{0} parallel</translation>
    </message>
</context>
<context>
    <name>CauseHead</name>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Zurück</translation>
    </message>
    <message>
        <source>Back to all causes</source>
        <translation>Zurück zu allen Ursachen</translation>
    </message>
    <message>
        <source>Back to all causes (Esc)</source>
        <translation>Zurück zu allen Ursachen (Esc)</translation>
    </message>
    <message>
        <source>Try the selected one again, and see here whether it works (Ctrl+T)</source>
        <translation>Die ausgewählte erneut versuchen und hier sehen, ob es klappt (Strg+T)</translation>
    </message>
    <message>
        <source>Try all failures of this cause again</source>
        <translation>Alle Fehler dieser Ursache erneut versuchen</translation>
    </message>
    <message>
        <source>Take all failures of this cause off the list; they stay in the history</source>
        <translation>Alle Fehler dieser Ursache aus der Liste nehmen; im Verlauf bleiben sie</translation>
    </message>
    <message>
        <source>&amp;Try one</source>
        <translation>Ei&amp;ne versuchen</translation>
    </message>
    <message>
        <source>Retry &amp;all</source>
        <translation>&amp;Alle wiederholen</translation>
    </message>
    <message>
        <source>&amp;Clear all</source>
        <translation>Alle &amp;entfernen</translation>
    </message>
</context>
<context>
    <name>CausesFeed</name>
    <message>
        <source>List of failures</source>
        <translation>Fehlerliste</translation>
    </message>
</context>
<context>
    <name>CausesModel</name>
    <message>
        <source>All failures</source>
        <translation>Alle Fehler</translation>
    </message>
</context>
<context>
    <name>CausesView</name>
    <message>
        <source>Causes of failures</source>
        <translation>Ursachen von Fehlern</translation>
    </message>
</context>
<context>
    <name>ChosenColumns</name>
    <message>
        <source>Columns</source>
        <translation>Spalten</translation>
    </message>
    <message>
        <source>{0} (no room for it now)</source>
        <translation>{0} (zurzeit kein Platz)</translation>
    </message>
    <message>
        <source>Reset columns</source>
        <translation>Spalten zurücksetzen</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Secret of {0}</source>
        <translation>Geheimnis von {0}</translation>
    </message>
    <message>
        <source>Domain {0}</source>
        <translation>Bereich {0}</translation>
    </message>
    <message>
        <source>Limit of {0}</source>
        <translation>Limit für {0}</translation>
    </message>
    <message>
        <source>Limit over all domains</source>
        <translation>Limit für alle Bereiche</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Pause all</source>
        <translation>Alles pausieren</translation>
    </message>
    <message>
        <source>Resume all</source>
        <translation>Alles fortsetzen</translation>
    </message>
    <message>
        <source>Not taking in {0}</source>
        <translation>{0} wird nicht aufgenommen</translation>
    </message>
    <message>
        <source>Taking in {0}</source>
        <translation>{0} wird aufgenommen</translation>
    </message>
    <message>
        <source>{0}: it is at work already</source>
        <translation>{0}: läuft bereits</translation>
    </message>
    <message>
        <source>Started: {0}</source>
        <translation>Gestartet: {0}</translation>
    </message>
    <message>
        <source>Cancelled: {0}</source>
        <translation>Abgebrochen: {0}</translation>
    </message>
    <message>
        <source>Sample pictures</source>
        <translation>Beispielbilder</translation>
    </message>
    <message>
        <source>Cancelled {0}</source>
        <translation>{0} abgebrochen</translation>
    </message>
    <message>
        <source>Task {0}</source>
        <translation>Aufgabe {0}</translation>
    </message>
    <message>
        <source>Cancelling {0} tasks…</source>
        <translation>{0} Aufgaben werden abgebrochen…</translation>
    </message>
    <message>
        <source>Cancelled: {0} tasks</source>
        <translation>Abgebrochen: {0} Aufgaben</translation>
    </message>
    <message>
        <source>Cancel tasks</source>
        <translation>Aufgaben abbrechen</translation>
    </message>
    <message>
        <source>Changing the priority of {0} tasks…</source>
        <translation>Priorität von {0} Aufgaben wird geändert…</translation>
    </message>
    <message>
        <source>Priority {0}: nothing to change</source>
        <translation>Priorität {0}: nichts zu ändern</translation>
    </message>
    <message>
        <source>Priority {0}: 1 task</source>
        <translation>Priorität {0}: 1 Aufgabe</translation>
    </message>
    <message>
        <source>Priority {0}: {1} tasks</source>
        <translation>Priorität {0}: {1} Aufgaben</translation>
    </message>
    <message>
        <source>Priority of tasks</source>
        <translation>Priorität von Aufgaben</translation>
    </message>
    <message>
        <source>Cancelled {0} tasks of {1}</source>
        <translation>{0} Aufgaben von {1} abgebrochen</translation>
    </message>
    <message>
        <source>Putting {0} tasks into line again…</source>
        <translation>{0} Aufgaben werden wieder eingereiht…</translation>
    </message>
    <message>
        <source>Trying again</source>
        <translation>Neuer Versuch</translation>
    </message>
    <message>
        <source>Clearing {0} failures…</source>
        <translation>{0} Fehler werden entfernt…</translation>
    </message>
    <message>
        <source>Failures</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>There is nothing to try again</source>
        <translation>Es gibt nichts zu wiederholen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>It is too late to undo that</source>
        <translation>Das lässt sich nicht mehr rückgängig machen</translation>
    </message>
    <message>
        <source>Taking back: {0} tasks…</source>
        <translation>Wird rückgängig gemacht: {0} Aufgaben…</translation>
    </message>
    <message>
        <source>Try again; the log has the details</source>
        <translation>Versuchen Sie es erneut; Einzelheiten stehen im Protokoll</translation>
    </message>
</context>
<context>
    <name>CopySection</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy: {0}</source>
        <translation>Kopieren: {0}</translation>
    </message>
</context>
<context>
    <name>Desktop</name>
    <message>
        <source>Recovered {0} tasks after an unexpected end</source>
        <translation>{0} Aufgaben nach unerwartetem Ende wiederhergestellt</translation>
    </message>
    <message>
        <source>Start Tidemill again; its work goes on meanwhile</source>
        <translation>Starten Sie Tidemill neu; die Arbeit geht inzwischen weiter</translation>
    </message>
    <message>
        <source>The window</source>
        <translation>Das Fenster</translation>
    </message>
    <message>
        <source>Data folder {0}</source>
        <translation>Datenordner {0}</translation>
    </message>
    <message>
        <source>Try again, or start with another folder: tidemill --data-dir DIR</source>
        <translation>Versuchen Sie es erneut oder starten Sie mit einem anderen Ordner: tidemill --data-dir DIR</translation>
    </message>
    <message>
        <source>{0} Then try again, or start with another data folder: tidemill --data-dir DIR</source>
        <translation>{0} Versuchen Sie es dann erneut oder starten Sie mit einem anderen Datenordner: tidemill --data-dir DIR</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>Datenbank</translation>
    </message>
    <message>
        <source>Make room on the disk</source>
        <translation>Schaffen Sie Platz auf dem Datenträger</translation>
    </message>
    <message>
        <source>Tidemill is paused</source>
        <translation>Tidemill ist pausiert</translation>
    </message>
    <message>
        <source>Tidemill goes on working</source>
        <translation>Tidemill arbeitet weiter</translation>
    </message>
    <message>
        <source>Open it again from its icon in the tray; Quit is in the icon&apos;s menu.</source>
        <translation>Öffnen Sie es über sein Symbol im Infobereich; „Beenden“ steht im Menü des Symbols.</translation>
    </message>
    <message>
        <source>Finishing…</source>
        <translation>Wird beendet…</translation>
    </message>
</context>
<context>
    <name>DomainCard</name>
    <message>
        <source>Progress of {0}</source>
        <translation>Fortschritt von {0}</translation>
    </message>
    <message>
        <source>Most tasks of {0} at once</source>
        <translation>Gleichzeitige Aufgaben von {0} höchstens</translation>
    </message>
    <message>
        <source>Off: {0}</source>
        <translation>Aus: {0}</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Nothing to do</source>
        <translation>Nichts zu tun</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>Arbeitet</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Open {0}</source>
        <translation>{0} öffnen</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>Höchstens</translation>
    </message>
    <message>
        <source>running</source>
        <translation>aktiv</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartend</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>pausiert</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>All that failed for good so far; the Failures page has those to look at</source>
        <translation>Alles bisher endgültig Fehlgeschlagene; die Seite „Fehler“ zeigt, was noch offen ist</translation>
    </message>
</context>
<context>
    <name>DomainHead</name>
    <message>
        <source>{0} on</source>
        <translation>{0} ein</translation>
    </message>
    <message>
        <source>Most tasks of {0} at once</source>
        <translation>Gleichzeitige Aufgaben von {0} höchstens</translation>
    </message>
    <message>
        <source>Progress of {0}</source>
        <translation>Fortschritt von {0}</translation>
    </message>
    <message>
        <source>Check &amp;again</source>
        <translation>Erneut &amp;prüfen</translation>
    </message>
    <message>
        <source>Check again whether {0} can work</source>
        <translation>Erneut prüfen, ob {0} arbeiten kann</translation>
    </message>
    <message>
        <source>At &amp;most</source>
        <translation>&amp;Höchstens</translation>
    </message>
    <message>
        <source>running</source>
        <translation>aktiv</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartend</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>pausiert</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>nothing to do</source>
        <translation>nichts zu tun</translation>
    </message>
    <message>
        <source>held</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>working</source>
        <translation>arbeitet</translation>
    </message>
    <message>
        <source>nothing runs now</source>
        <translation>zurzeit läuft nichts</translation>
    </message>
</context>
<context>
    <name>DomainOrders</name>
    <message>
        <source>{0} is at work already, or paused</source>
        <translation>{0} läuft schon oder ist pausiert</translation>
    </message>
    <message>
        <source>Group {0}</source>
        <translation>Gruppe {0}</translation>
    </message>
    <message>
        <source>Schedule {0}</source>
        <translation>Zeitplan {0}</translation>
    </message>
</context>
<context>
    <name>DomainPage</name>
    <message>
        <source>Whole queue</source>
        <translation>Ganze Warteschlange</translation>
    </message>
    <message>
        <source>Health of {0}</source>
        <translation>Zustand von {0}</translation>
    </message>
</context>
<context>
    <name>DomainSection</name>
    <message>
        <source>Most tasks of {0} at once</source>
        <translation>Gleichzeitige Aufgaben von {0} höchstens</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>Höchstens</translation>
    </message>
    <message>
        <source>{0} on</source>
        <translation>{0} ein</translation>
    </message>
    <message>
        <source>Settings of {0}</source>
        <translation>Einstellungen von {0}</translation>
    </message>
    <message>
        <source>as its plugin says</source>
        <translation>wie das Plugin vorgibt</translation>
    </message>
</context>
<context>
    <name>DomainsPage</name>
    <message>
        <source>Domains</source>
        <translation>Bereiche</translation>
    </message>
    <message>
        <source>All of it applies at once; a limit set here takes the place of the plugin&apos;s own.</source>
        <translation>Alles gilt sofort; ein Limit von hier ersetzt das des Plugins.</translation>
    </message>
</context>
<context>
    <name>DropTarget</name>
    <message>
        <source>Drop to take in</source>
        <translation>Loslassen zum Aufnehmen</translation>
    </message>
</context>
<context>
    <name>EndedGraph</name>
    <message>
        <source>Finished a second</source>
        <translation>Beendet pro Sekunde</translation>
    </message>
    <message>
        <source>Nothing has finished in the time shown here.</source>
        <translation>In der gezeigten Zeit wurde nichts beendet.</translation>
    </message>
    <message>
        <source>{0} finished</source>
        <translation>{0} beendet</translation>
    </message>
    <message>
        <source>{0} failed</source>
        <translation>{0} Fehler</translation>
    </message>
</context>
<context>
    <name>Errands</name>
    <message>
        <source>Try again; the log has the details</source>
        <translation>Versuchen Sie es erneut; Einzelheiten stehen im Protokoll</translation>
    </message>
</context>
<context>
    <name>FailedPluginCard</name>
    <message>
        <source>{0} could not be loaded: {1}</source>
        <translation>{0} konnte nicht geladen werden: {1}</translation>
    </message>
    <message>
        <source>Could not be loaded</source>
        <translation>Konnte nicht geladen werden</translation>
    </message>
</context>
<context>
    <name>FailureDetails</name>
    <message>
        <source>Details of the failure</source>
        <translation>Details des Fehlers</translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation>Versuche</translation>
    </message>
    <message>
        <source>Traceback</source>
        <translation>Traceback</translation>
    </message>
    <message>
        <source>Payload</source>
        <translation>Nutzdaten</translation>
    </message>
    <message>
        <source>Select a failure to see what happened.</source>
        <translation>Wählen Sie einen Fehler, um zu sehen, was geschah.</translation>
    </message>
    <message>
        <source>It gave no reason</source>
        <translation>Ohne Angabe eines Grundes</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>none: it never ran</source>
        <translation>keiner: nie gestartet</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Auftrag</translation>
    </message>
    <message>
        <source>{0} earlier ones are not shown</source>
        <translation>{0} frühere sind nicht dargestellt</translation>
    </message>
    <message>
        <source>{0} ms</source>
        <translation>{0} ms</translation>
    </message>
    <message>
        <source>failed as said above</source>
        <translation>fehlgeschlagen wie oben</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>unterbrochen</translation>
    </message>
</context>
<context>
    <name>FailureRow</name>
    <message>
        <source>It gave no reason</source>
        <translation>Ohne Angabe eines Grundes</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Retry {0}</source>
        <translation>{0} wiederholen</translation>
    </message>
    <message>
        <source>{0} · {1}</source>
        <translation>{0} · {1}</translation>
    </message>
    <message>
        <source>{0} · {1} · {2} attempts</source>
        <translation>{0} · {1} · {2} Versuche</translation>
    </message>
</context>
<context>
    <name>FailuresFeed</name>
    <message>
        <source>List of failures</source>
        <translation>Fehlerliste</translation>
    </message>
</context>
<context>
    <name>FailuresModel</name>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>What went wrong</source>
        <translation>Was schiefging</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation>Versuche</translation>
    </message>
    <message>
        <source>It gave no reason</source>
        <translation>Ohne Angabe eines Grundes</translation>
    </message>
</context>
<context>
    <name>FailuresPage</name>
    <message>
        <source>Nothing went wrong</source>
        <translation>Nichts ging schief</translation>
    </message>
    <message>
        <source>A task that fails for good waits here, with its cause and a way to try it again.</source>
        <translation>Endgültig fehlgeschlagene Aufgaben warten hier, mit ihrer Ursache und einer Möglichkeit zur Wiederholung.</translation>
    </message>
    <message>
        <source>Failures</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>&amp;Retry selected</source>
        <translation>Auswahl &amp;wiederholen</translation>
    </message>
    <message>
        <source>Try the selected ones again (Ctrl+R)</source>
        <translation>Die ausgewählten erneut versuchen (Strg+R)</translation>
    </message>
    <message>
        <source>Co&amp;py</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy the selected as text (Ctrl+C)</source>
        <translation>Die Auswahl als Text kopieren (Strg+C)</translation>
    </message>
    <message>
        <source>Clear &amp;selected</source>
        <translation>Auswahl ent&amp;fernen</translation>
    </message>
    <message>
        <source>Take the selected off this list; they stay in the history (Delete)</source>
        <translation>Die Auswahl aus dieser Liste nehmen; im Verlauf bleibt sie (Entf)</translation>
    </message>
    <message>
        <source>{0} of {1} causes</source>
        <translation>{0} von {1} Ursachen</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>&amp;Retry {0} selected</source>
        <translation>{0} ausgewählte &amp;wiederholen</translation>
    </message>
</context>
<context>
    <name>FailuresSection</name>
    <message>
        <source>Recent failures</source>
        <translation>Letzte Fehler</translation>
    </message>
    <message>
        <source>Nothing went wrong. A task that fails for good stands here, with its reason.</source>
        <translation>Nichts ging schief. Endgültig fehlgeschlagene Aufgaben stehen hier, mit ihrem Grund.</translation>
    </message>
    <message>
        <source>All failures</source>
        <translation>Alle Fehler</translation>
    </message>
    <message>
        <source>the newest {0}</source>
        <translation>die neuesten {0}</translation>
    </message>
    <message>
        <source>Open the page again; the log has the details</source>
        <translation>Öffnen Sie die Seite erneut; Einzelheiten stehen im Protokoll</translation>
    </message>
    <message>
        <source>Failures of {0}</source>
        <translation>Fehler von {0}</translation>
    </message>
</context>
<context>
    <name>FilePicker</name>
    <message>
        <source>Add files</source>
        <translation>Dateien hinzufügen</translation>
    </message>
    <message>
        <source>Add a folder</source>
        <translation>Ordner hinzufügen</translation>
    </message>
    <message>
        <source>There are no files or links on the clipboard</source>
        <translation>In der Zwischenablage sind keine Dateien oder Links</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Filter by state</source>
        <translation>Nach Zustand filtern</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>Filter by domain</source>
        <translation>Nach Bereich filtern</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>Filter by type of task</source>
        <translation>Nach Aufgabentyp filtern</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Filter by when they ended</source>
        <translation>Nach Ende filtern</translation>
    </message>
    <message>
        <source>Sort</source>
        <translation>Sortierung</translation>
    </message>
    <message>
        <source>Order of the list</source>
        <translation>Reihenfolge der Liste</translation>
    </message>
    <message>
        <source>All domains</source>
        <translation>Alle Bereiche</translation>
    </message>
    <message>
        <source>All types</source>
        <translation>Alle Typen</translation>
    </message>
    <message>
        <source>“{0}”</source>
        <translation>„{0}“</translation>
    </message>
    <message>
        <source>, </source>
        <translation>, </translation>
    </message>
    <message>
        <source>Search…   {0}</source>
        <translation>Suchen…   {0}</translation>
    </message>
    <message>
        <source>Search…</source>
        <translation>Suchen…</translation>
    </message>
    <message>
        <source>Search tasks</source>
        <translation>Aufgaben suchen</translation>
    </message>
    <message>
        <source>Search in names, keys and errors ({0})</source>
        <translation>In Namen, Schlüsseln und Fehlermeldungen suchen ({0})</translation>
    </message>
    <message>
        <source>Filter by a tag: key=value</source>
        <translation>Nach einem Merkmal filtern: Schlüssel=Wert</translation>
    </message>
    <message>
        <source>Tag…</source>
        <translation>Merkmal…</translation>
    </message>
    <message>
        <source>At any time</source>
        <translation>Jederzeit</translation>
    </message>
    <message>
        <source>In the last hour</source>
        <translation>In der letzten Stunde</translation>
    </message>
    <message>
        <source>In the last 24 hours</source>
        <translation>In den letzten 24 Stunden</translation>
    </message>
    <message>
        <source>In the last 7 days</source>
        <translation>In den letzten 7 Tagen</translation>
    </message>
    <message>
        <source>In the last 30 days</source>
        <translation>In den letzten 30 Tagen</translation>
    </message>
    <message>
        <source>Next to start first</source>
        <translation>Nach Startfolge</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Neueste zuerst</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>Älteste zuerst</translation>
    </message>
</context>
<context>
    <name>GeneralPage</name>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Start with the computer</source>
        <translation>Mit dem Rechner starten</translation>
    </message>
    <message>
        <source>Tidemill goes on with its work when you log in</source>
        <translation>Tidemill arbeitet weiter, sobald Sie sich anmelden</translation>
    </message>
    <message>
        <source>The system&apos;s entry could not be changed: {0}. Make its folder writable.</source>
        <translation>Der Eintrag des Systems konnte nicht geändert werden: {0}. Machen Sie seinen Ordner beschreibbar.</translation>
    </message>
</context>
<context>
    <name>GraphCard</name>
    <message>
        <source>paused</source>
        <translation>pausiert</translation>
    </message>
</context>
<context>
    <name>GraphPanel</name>
    <message>
        <source>{0}, paused</source>
        <translation>{0}, pausiert</translation>
    </message>
</context>
<context>
    <name>GroupRateBox</name>
    <message>
        <source>{0}: how many</source>
        <translation>{0}: wie viele</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>kein Limit</translation>
    </message>
    <message>
        <source>{0}: in what time</source>
        <translation>{0}: in welcher Zeit</translation>
    </message>
    <message>
        <source>a second</source>
        <translation>pro Sekunde</translation>
    </message>
    <message>
        <source>a minute</source>
        <translation>pro Minute</translation>
    </message>
    <message>
        <source>an hour</source>
        <translation>pro Stunde</translation>
    </message>
</context>
<context>
    <name>GroupRow</name>
    <message>
        <source>Group {0}</source>
        <translation>Gruppe {0}</translation>
    </message>
    <message>
        <source>Limits of group {0}</source>
        <translation>Limits der Gruppe {0}</translation>
    </message>
    <message>
        <source>Group {0} on</source>
        <translation>Gruppe {0} ein</translation>
    </message>
    <message>
        <source>{0} running, {1} waiting</source>
        <translation>{0} aktiv, {1} wartend</translation>
    </message>
    <message>
        <source>{0} running, {2} paused</source>
        <translation>{0} aktiv, {2} pausiert</translation>
    </message>
    <message>
        <source>{0} running, {1} waiting, {2} paused</source>
        <translation>{0} aktiv, {1} wartend, {2} pausiert</translation>
    </message>
    <message>
        <source>Most tasks of group {0} at once</source>
        <translation>Gleichzeitige Aufgaben der Gruppe {0} höchstens</translation>
    </message>
    <message>
        <source>Weight of group {0}</source>
        <translation>Gewicht der Gruppe {0}</translation>
    </message>
    <message>
        <source>Slots kept for group {0}</source>
        <translation>Für Gruppe {0} freigehaltene Plätze</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Starts of group {0}</source>
        <translation>Starts der Gruppe {0}</translation>
    </message>
    <message>
        <source>Pause for…</source>
        <translation>Pausieren für…</translation>
    </message>
    <message>
        <source>Pause group {0} for a while</source>
        <translation>Gruppe {0} eine Weile pausieren</translation>
    </message>
    <message>
        <source>15 minutes</source>
        <translation>15 Minuten</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 Stunde</translation>
    </message>
    <message>
        <source>Until tomorrow at 8</source>
        <translation>Bis morgen um 8</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>Höchstens</translation>
    </message>
    <message>
        <source>Share (weight)</source>
        <translation>Anteil (Gewicht)</translation>
    </message>
    <message>
        <source>Slots kept for it</source>
        <translation>Freigehaltene Plätze</translation>
    </message>
    <message>
        <source>Starts</source>
        <translation>Starts</translation>
    </message>
    <message>
        <source>Rest</source>
        <translation>Ruhe</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>pausiert</translation>
    </message>
    <message>
        <source>paused until {0}</source>
        <translation>pausiert bis {0}</translation>
    </message>
    <message>
        <source>{0} at once</source>
        <translation>{0} parallel</translation>
    </message>
    <message>
        <source>weight {0}</source>
        <translation>Gewicht {0}</translation>
    </message>
    <message>
        <source>{0} kept for it</source>
        <translation>{0} freigehalten</translation>
    </message>
    <message>
        <source>no limit of its own</source>
        <translation>kein eigenes Limit</translation>
    </message>
</context>
<context>
    <name>GroupsSection</name>
    <message>
        <source>Groups</source>
        <translation>Gruppen</translation>
    </message>
    <message>
        <source>No groups. Tasks that share a limit, such as those of one target or host, form a group.</source>
        <translation>Keine Gruppen. Aufgaben mit gemeinsamem Limit, etwa für ein Ziel oder einen Host, bilden eine Gruppe.</translation>
    </message>
    <message>
        <source>Show more groups ({0})</source>
        <translation>Weitere Gruppen zeigen ({0})</translation>
    </message>
</context>
<context>
    <name>HelpWindow</name>
    <message>
        <source>Tidemill: help</source>
        <translation>Tidemill: Hilfe</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>Tastatur</translation>
    </message>
    <message>
        <source>Drop files, folders or links on the window, or copy them and press {0}: they become one job. The menu key on a domain&apos;s switch offers pauses that end by themselves.</source>
        <translation>Ziehen Sie Dateien, Ordner oder Links auf das Fenster, oder kopieren Sie sie und drücken Sie {0}: Daraus wird ein Auftrag. Die Menütaste auf dem Schalter eines Bereichs bietet Pausen an, die von selbst enden.</translation>
    </message>
    <message>
        <source>Keys and what they do</source>
        <translation>Tasten und was sie tun</translation>
    </message>
</context>
<context>
    <name>HistoryFeed</name>
    <message>
        <source>The history</source>
        <translation>Der Verlauf</translation>
    </message>
</context>
<context>
    <name>HistoryModel</name>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>Beendet</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation>Versuche</translation>
    </message>
    <message>
        <source>ended {0}</source>
        <translation>beendet {0}</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>&amp;Retry</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Try again what failed or was cancelled of the selected</source>
        <translation>Fehlgeschlagene und abgebrochene der Auswahl erneut versuchen</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Try this task again</source>
        <translation>Diese Aufgabe erneut versuchen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>Alles auswählen</translation>
    </message>
    <message>
        <source>{0} selected</source>
        <translation>{0} ausgewählt</translation>
    </message>
    <message>
        <source>Nothing has ended yet</source>
        <translation>Noch nichts ist beendet</translation>
    </message>
    <message>
        <source>Each task that is done, fails or is cancelled is noted here, with when and how.</source>
        <translation>Jede Aufgabe, die fertig wird, fehlschlägt oder abgebrochen wird, steht hier mit Zeit und Ausgang.</translation>
    </message>
    <message>
        <source>Trying again</source>
        <translation>Neuer Versuch</translation>
    </message>
    <message>
        <source>Nothing to retry: {0} tasks ended well</source>
        <translation>Nichts zu wiederholen: erfolgreich beendete Aufgaben: {0}</translation>
    </message>
    <message>
        <source>Retry {0}</source>
        <translation>{0} wiederholen</translation>
    </message>
</context>
<context>
    <name>HoldingNotice</name>
    <message>
        <source>Change…</source>
        <translation>Ändern…</translation>
    </message>
    <message>
        <source>Change when work waits: open the settings of pressure</source>
        <translation>Ändern, wann Arbeit wartet: Einstellungen der Auslastung öffnen</translation>
    </message>
    <message>
        <source>Stop that</source>
        <translation>Nicht mehr</translation>
    </message>
    <message>
        <source>Work anyway for 1 hour</source>
        <translation>1 Stunde trotzdem arbeiten</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Task {0} is not known any more: it was removed from the history.</source>
        <translation>Aufgabe {0} ist nicht mehr bekannt: Sie wurde aus dem Verlauf entfernt.</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>InspectorFeed</name>
    <message>
        <source>Task {0}</source>
        <translation>Aufgabe {0}</translation>
    </message>
</context>
<context>
    <name>InspectorLinks</name>
    <message>
        <source>Inspector</source>
        <translation>Inspektor</translation>
    </message>
    <message>
        <source>Show or hide what is known of the selected task ({0})</source>
        <translation>Zeigen oder verbergen, was über die ausgewählte Aufgabe bekannt ist ({0})</translation>
    </message>
</context>
<context>
    <name>InspectorLog</name>
    <message>
        <source>Log of the task</source>
        <translation>Protokoll der Aufgabe</translation>
    </message>
</context>
<context>
    <name>InspectorPanel</name>
    <message>
        <source>Inspector</source>
        <translation>Inspektor</translation>
    </message>
    <message>
        <source>Cancel task</source>
        <translation>Aufgabe abbrechen</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Traceback</source>
        <translation>Traceback</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Merkmale</translation>
    </message>
    <message>
        <source>Disk and network</source>
        <translation>Datenträger und Netzwerk</translation>
    </message>
    <message>
        <source>Child of</source>
        <translation>Teil von</translation>
    </message>
    <message>
        <source>Needs</source>
        <translation>Braucht</translation>
    </message>
    <message>
        <source>Needed by</source>
        <translation>Gebraucht von</translation>
    </message>
    <message>
        <source>Payload</source>
        <translation>Nutzdaten</translation>
    </message>
    <message>
        <source>Select a task to see what it does, and why it waits.</source>
        <translation>Wählen Sie eine Aufgabe, um zu sehen, was sie tut und warum sie wartet.</translation>
    </message>
    <message>
        <source>Close the inspector</source>
        <translation>Inspektor schließen</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehlermeldung</translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation>Versuche</translation>
    </message>
    <message>
        <source>Details of the task</source>
        <translation>Details der Aufgabe</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>und {0} weitere</translation>
    </message>
    <message>
        <source>Task {0}, which is not known any more</source>
        <translation>Aufgabe {0}, die nicht mehr bekannt ist</translation>
    </message>
    <message>
        <source>{0} ({1})</source>
        <translation>{0} ({1})</translation>
    </message>
</context>
<context>
    <name>JobFinder</name>
    <message>
        <source>Job</source>
        <translation>Auftrag</translation>
    </message>
</context>
<context>
    <name>JobsFeed</name>
    <message>
        <source>List of jobs</source>
        <translation>Auftragsliste</translation>
    </message>
</context>
<context>
    <name>JobsModel</name>
    <message>
        <source>Job</source>
        <translation>Auftrag</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Aktiv</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartend</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Fertig</translation>
    </message>
</context>
<context>
    <name>JobsPage</name>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Search jobs…</source>
        <translation>Aufträge suchen…</translation>
    </message>
    <message>
        <source>Search jobs…   {0}</source>
        <translation>Aufträge suchen…   {0}</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>At work</source>
        <translation>In Arbeit</translation>
    </message>
    <message>
        <source>With failures</source>
        <translation>Mit Fehlern</translation>
    </message>
    <message>
        <source>Show jobs: {0}</source>
        <translation>Aufträge zeigen: {0}</translation>
    </message>
    <message>
        <source>Search jobs</source>
        <translation>Aufträge suchen</translation>
    </message>
    <message>
        <source>Retry failed</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Retry what failed of this job</source>
        <translation>Fehlgeschlagene Aufgaben dieses Auftrags wiederholen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel what is left of this job</source>
        <translation>Den Rest dieses Auftrags abbrechen</translation>
    </message>
    <message>
        <source>Retry what failed of {0}</source>
        <translation>Fehlgeschlagene Aufgaben von {0} wiederholen</translation>
    </message>
    <message>
        <source>Cancel what is left of {0}</source>
        <translation>Den Rest von {0} abbrechen</translation>
    </message>
    <message>
        <source>Nothing of {0} is left to retry</source>
        <translation>Von {0} ist nichts zu wiederholen</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Suche läuft…</translation>
    </message>
    <message>
        <source>All older jobs are looked through.</source>
        <translation>Alle älteren Aufträge werden durchsucht.</translation>
    </message>
    <message>
        <source>No such jobs</source>
        <translation>Keine solchen Aufträge</translation>
    </message>
    <message>
        <source>Nothing matches. Choose All, or clear the search.</source>
        <translation>Nichts passt. Wählen Sie „Alle“, oder leeren Sie die Suche.</translation>
    </message>
    <message>
        <source>No task has the tag {0}</source>
        <translation>Keine Aufgabe hat das Merkmal {0}</translation>
    </message>
    <message>
        <source>Choose another one at Group by.</source>
        <translation>Wählen Sie bei „Gruppieren“ ein anderes.</translation>
    </message>
    <message>
        <source>No jobs yet</source>
        <translation>Noch keine Aufträge</translation>
    </message>
    <message>
        <source>Drop files or a folder anywhere on this window, and they become a job you can follow here.</source>
        <translation>Ziehen Sie Dateien oder einen Ordner auf dieses Fenster: Daraus wird ein Auftrag, den Sie hier verfolgen können.</translation>
    </message>
</context>
<context>
    <name>LimitsPage</name>
    <message>
        <source>Limits</source>
        <translation>Limits</translation>
    </message>
    <message>
        <source>A task starts when all of them allow it: the limit over all domains, and those below.</source>
        <translation>Eine Aufgabe startet, wenn alle es erlauben: das Limit für alle Bereiche und die folgenden.</translation>
    </message>
    <message>
        <source>Tasks at once by domain</source>
        <translation>Gleichzeitige Aufgaben je Bereich</translation>
    </message>
    <message>
        <source>How often tasks of a type may start</source>
        <translation>Wie oft Aufgaben eines Typs starten dürfen</translation>
    </message>
    <message>
        <source>as its plugin says</source>
        <translation>wie das Plugin vorgibt</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>kein Limit</translation>
    </message>
    <message>
        <source>Most tasks of {0} at once</source>
        <translation>Gleichzeitige Aufgaben von {0} höchstens</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}: {1}</translation>
    </message>
</context>
<context>
    <name>ListFeed</name>
    <message>
        <source>Open the page again; the log has the details</source>
        <translation>Öffnen Sie die Seite erneut; Einzelheiten stehen im Protokoll</translation>
    </message>
</context>
<context>
    <name>LogSection</name>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Show or hide what the task has logged</source>
        <translation>Zeigen oder verbergen, was die Aufgabe protokolliert hat</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy: {0}</source>
        <translation>Kopieren: {0}</translation>
    </message>
    <message>
        <source>This task has logged nothing.</source>
        <translation>Diese Aufgabe hat nichts protokolliert.</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Finishing…</source>
        <translation>Wird beendet…</translation>
    </message>
    <message>
        <source>Not open</source>
        <translation>Nicht geöffnet</translation>
    </message>
    <message>
        <source>There is nothing to undo</source>
        <translation>Es gibt nichts rückgängig zu machen</translation>
    </message>
    <message>
        <source>The library is in {0}</source>
        <translation>Die Bibliothek liegt in {0}</translation>
    </message>
</context>
<context>
    <name>NavList</name>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
</context>
<context>
    <name>NextTasksModel</name>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Seit</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>pausiert</translation>
    </message>
    <message>
        <source>waits for attempt {0}</source>
        <translation>wartet auf Versuch {0}</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartend</translation>
    </message>
    <message>
        <source>{0} · group {1}</source>
        <translation>{0} · Gruppe {1}</translation>
    </message>
</context>
<context>
    <name>NotificationsPage</name>
    <message>
        <source>One message for a job, never one for each task. What failed is listed on the page Failures too.</source>
        <translation>Eine Meldung je Auftrag, nie eine für jede Aufgabe. Fehlgeschlagenes steht auch auf der Seite „Fehler“.</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Meldungen</translation>
    </message>
</context>
<context>
    <name>Notifier</name>
    <message>
        <source>{0} and {1} more</source>
        <translation>{0} und {1} weitere</translation>
    </message>
    <message>
        <source>{0} messages</source>
        <translation>{0} Meldungen</translation>
    </message>
</context>
<context>
    <name>OpenedCause</name>
    <message>
        <source>Trying again</source>
        <translation>Neuer Versuch</translation>
    </message>
    <message>
        <source>{0} of {1} causes</source>
        <translation>{0} von {1} Ursachen</translation>
    </message>
    <message>
        <source>All failures</source>
        <translation>Alle Fehler</translation>
    </message>
    <message>
        <source>Retry &amp;all {0}</source>
        <translation>&amp;Alle {0} wiederholen</translation>
    </message>
    <message>
        <source>&amp;Clear all {0}</source>
        <translation>Alle {0} &amp;entfernen</translation>
    </message>
    <message>
        <source>Open a cause to try one of its failures first.</source>
        <translation>Öffnen Sie eine Ursache, um zuerst eine ihrer Aufgaben zu versuchen.</translation>
    </message>
    <message>
        <source>&amp;Try it again</source>
        <translation>Er&amp;neut versuchen</translation>
    </message>
    <message>
        <source>&amp;Try one</source>
        <translation>Ei&amp;ne versuchen</translation>
    </message>
    <message>
        <source>&amp;Clear it</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>{0} is not there: switch its plugin on or install it, then try again.</source>
        <translation>{0} ist nicht da: Schalten Sie das Plugin ein oder installieren Sie es, und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>Retry the &amp;other one</source>
        <translation>Die an&amp;dere wiederholen</translation>
    </message>
    <message>
        <source>Retry the &amp;other {0}</source>
        <translation>Die an&amp;deren {0} wiederholen</translation>
    </message>
    <message>
        <source>They are put into line again…</source>
        <translation>Sie werden wieder eingereiht…</translation>
    </message>
</context>
<context>
    <name>OverviewPage</name>
    <message>
        <source>Overview</source>
        <translation>Übersicht</translation>
    </message>
</context>
<context>
    <name>PageHeader</name>
    <message>
        <source>Pause all</source>
        <translation>Alles pausieren</translation>
    </message>
    <message>
        <source>Add folder</source>
        <translation>Ordner hinzufügen</translation>
    </message>
    <message>
        <source>Add files</source>
        <translation>Dateien hinzufügen</translation>
    </message>
    <message>
        <source>Back to {0}</source>
        <translation>Zurück zu {0}</translation>
    </message>
    <message>
        <source>Back to {0} (Esc)</source>
        <translation>Zurück zu {0} (Esc)</translation>
    </message>
    <message>
        <source>Resume all</source>
        <translation>Alles fortsetzen</translation>
    </message>
    <message>
        <source>Paused until {0}</source>
        <translation>Pausiert bis {0}</translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation>Ordner hinzufügen…</translation>
    </message>
    <message>
        <source>Add files…</source>
        <translation>Dateien hinzufügen…</translation>
    </message>
    <message>
        <source>Pausing…</source>
        <translation>Wird pausiert…</translation>
    </message>
    <message>
        <source>Resuming…</source>
        <translation>Wird fortgesetzt…</translation>
    </message>
    <message>
        <source>How long to pause</source>
        <translation>Wie lange pausieren</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Palette</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>Go to or do</source>
        <translation>Gehe zu oder tue</translation>
    </message>
    <message>
        <source>Pages, actions, domains, jobs, settings…</source>
        <translation>Seiten, Aktionen, Bereiche, Aufträge, Einstellungen…</translation>
    </message>
    <message>
        <source>What fits</source>
        <translation>Treffer</translation>
    </message>
    <message>
        <source>Nothing fits. Type fewer letters, or another word.</source>
        <translation>Nichts passt. Tippen Sie weniger Buchstaben oder ein anderes Wort.</translation>
    </message>
</context>
<context>
    <name>PauseFeed</name>
    <message>
        <source>{0} paused until {1}</source>
        <translation>{0} pausiert bis {1}</translation>
    </message>
    <message>
        <source>{0} domains paused, {1} until {2}</source>
        <translation>{0} Bereiche pausiert, {1} bis {2}</translation>
    </message>
    <message>
        <source>{0} Reason: {1}</source>
        <translation>{0} Grund: {1}</translation>
    </message>
    <message>
        <source>Leave it off</source>
        <translation>Ausgeschaltet lassen</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Group {0}</source>
        <translation>Gruppe {0}</translation>
    </message>
</context>
<context>
    <name>PauseMenu</name>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
</context>
<context>
    <name>PluginPanelSection</name>
    <message>
        <source>More from {0}</source>
        <translation>Mehr von {0}</translation>
    </message>
    <message>
        <source>Its panel could not be shown</source>
        <translation>Die Ansicht des Plugins konnte nicht gezeigt werden</translation>
    </message>
    <message>
        <source>Its work goes on. Update the plugin, or tell its author this:</source>
        <translation>Seine Arbeit geht weiter. Aktualisieren Sie das Plugin, oder melden Sie dies seinem Autor:</translation>
    </message>
    <message>
        <source>What the panel raised</source>
        <translation>Fehlermeldung der Ansicht</translation>
    </message>
</context>
<context>
    <name>PluginsPage</name>
    <message>
        <source>Plugins</source>
        <translation>Plugins</translation>
    </message>
    <message>
        <source>A plugin that is switched off is let go at once: what runs of it is interrupted, and its tasks wait until it is back.</source>
        <translation>Ein Plugin, das ausgeschaltet wird, geht sofort: Was von ihm läuft, wird unterbrochen, und seine Aufgaben warten, bis es wieder da ist.</translation>
    </message>
    <message>
        <source>Traceback</source>
        <translation>Traceback</translation>
    </message>
    <message>
        <source>Traceback of {0}</source>
        <translation>Traceback von {0}</translation>
    </message>
    <message>
        <source>Load {0}</source>
        <translation>{0} laden</translation>
    </message>
    <message>
        <source>It is the only one that is loaded. Switch another one on first.</source>
        <translation>Es ist das einzige geladene. Schalten Sie zuerst ein anderes ein.</translation>
    </message>
    <message>
        <source>Switching on…</source>
        <translation>Wird eingeschaltet…</translation>
    </message>
    <message>
        <source>Switching off…</source>
        <translation>Wird ausgeschaltet…</translation>
    </message>
    <message>
        <source>files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>the network</source>
        <translation>das Netzwerk</translation>
    </message>
    <message>
        <source>secrets</source>
        <translation>Geheimnisse</translation>
    </message>
    <message>
        <source>nothing of yours</source>
        <translation>nichts von Ihnen</translation>
    </message>
    <message>
        <source>Touches {0}.</source>
        <translation>Greift auf {0} zu.</translation>
    </message>
    <message>
        <source>Switched off: its tasks wait until it is back.</source>
        <translation>Ausgeschaltet: Seine Aufgaben warten, bis es wieder da ist.</translation>
    </message>
    <message>
        <source>Loaded, and all is well.</source>
        <translation>Geladen, alles in Ordnung.</translation>
    </message>
</context>
<context>
    <name>PressureGraph</name>
    <message>
        <source>Pressure</source>
        <translation>Auslastung</translation>
    </message>
    <message>
        <source>Measured while tasks run</source>
        <translation>Gemessen, solange Aufgaben laufen</translation>
    </message>
    <message>
        <source>{0} background waits</source>
        <translation>{0} Hintergrund wartet</translation>
    </message>
    <message>
        <source>{0} work waits</source>
        <translation>{0} Arbeit wartet</translation>
    </message>
    <message>
        <source>overall {0}</source>
        <translation>gesamt {0}</translation>
    </message>
</context>
<context>
    <name>PressurePage</name>
    <message>
        <source>Tidemill gets out of the way: while the machine is busy, or under a condition that you set, nothing new is started. What runs goes on, and urgent tasks start.</source>
        <translation>Tidemill macht Platz: Solange der Rechner ausgelastet ist oder eine von Ihnen gesetzte Bedingung gilt, startet nichts Neues. Was läuft, geht weiter, und dringende Aufgaben starten.</translation>
    </message>
    <message>
        <source>What counts as busy</source>
        <translation>Was als ausgelastet gilt</translation>
    </message>
    <message>
        <source>Conditions</source>
        <translation>Bedingungen</translation>
    </message>
    <message>
        <source>Pressure</source>
        <translation>Auslastung</translation>
    </message>
</context>
<context>
    <name>ProblemPage</name>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>{0} could not be opened</source>
        <translation>{0} konnte nicht geöffnet werden</translation>
    </message>
    <message>
        <source>&amp;Try again</source>
        <translation>&amp;Erneut versuchen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
</context>
<context>
    <name>QueueFeed</name>
    <message>
        <source>The queue</source>
        <translation>Die Warteschlange</translation>
    </message>
</context>
<context>
    <name>QueueModel</name>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Daten</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>Priorität</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Rest</translation>
    </message>
    <message>
        <source>{0}/s</source>
        <translation>{0}/s</translation>
    </message>
    <message>
        <source>since {0}</source>
        <translation>seit {0}</translation>
    </message>
    <message>
        <source>Priority: {0}</source>
        <translation>Priorität: {0}</translation>
    </message>
</context>
<context>
    <name>QueuePage</name>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>Cancel the selected tasks (Delete)</source>
        <translation>Die ausgewählten Aufgaben abbrechen (Entf)</translation>
    </message>
    <message>
        <source>P&amp;riority</source>
        <translation>P&amp;riorität</translation>
    </message>
    <message>
        <source>Give the selected tasks another priority</source>
        <translation>Den ausgewählten Aufgaben eine andere Priorität geben</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>{0} selected</source>
        <translation>{0} ausgewählt</translation>
    </message>
    <message>
        <source>Nothing runs and nothing waits</source>
        <translation>Nichts läuft und nichts wartet</translation>
    </message>
    <message>
        <source>Drop files or a folder anywhere on this window, and their tasks line up here.</source>
        <translation>Ziehen Sie Dateien oder einen Ordner auf dieses Fenster: Ihre Aufgaben reihen sich hier ein.</translation>
    </message>
    <message>
        <source>Cancel tasks</source>
        <translation>Aufgaben abbrechen</translation>
    </message>
    <message>
        <source>Priority of tasks</source>
        <translation>Priorität von Aufgaben</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel this task</source>
        <translation>Diese Aufgabe abbrechen</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>Priorität</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>Alles auswählen</translation>
    </message>
    <message>
        <source>Cancel {0}</source>
        <translation>{0} abbrechen</translation>
    </message>
</context>
<context>
    <name>QueueSection</name>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>Tasks that start next</source>
        <translation>Als Nächstes startende Aufgaben</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel this task</source>
        <translation>Diese Aufgabe abbrechen</translation>
    </message>
    <message>
        <source>Open the page again; the log has the details</source>
        <translation>Öffnen Sie die Seite erneut; Einzelheiten stehen im Protokoll</translation>
    </message>
    <message>
        <source>Queue of {0}</source>
        <translation>Warteschlange von {0}</translation>
    </message>
    <message>
        <source>{0} waiting</source>
        <translation>{0} wartend</translation>
    </message>
    <message>
        <source>{0} paused</source>
        <translation>{0} pausiert</translation>
    </message>
    <message>
        <source>{0} behind other tasks</source>
        <translation>{0} hinter anderen Aufgaben</translation>
    </message>
    <message>
        <source>{0} with children at work</source>
        <translation>{0} mit aktiven Teilaufgaben</translation>
    </message>
    <message>
        <source>None of them is ready: they wait for their time.</source>
        <translation>Keine davon ist bereit: Sie warten auf ihre Zeit.</translation>
    </message>
    <message>
        <source>None of them is ready: they wait for other tasks.</source>
        <translation>Keine davon ist bereit: Sie warten auf andere Aufgaben.</translation>
    </message>
    <message>
        <source>Nothing waits. What comes in stands here until it can start.</source>
        <translation>Nichts wartet. Was hereinkommt, steht hier, bis es starten kann.</translation>
    </message>
    <message>
        <source>Cancel {0}</source>
        <translation>{0} abbrechen</translation>
    </message>
</context>
<context>
    <name>RateBox</name>
    <message>
        <source>no limit</source>
        <translation>kein Limit</translation>
    </message>
    <message>
        <source>Starts of {0}</source>
        <translation>Starts von {0}</translation>
    </message>
    <message>
        <source>In each second, minute or hour: {0}</source>
        <translation>In jeder Sekunde, Minute oder Stunde: {0}</translation>
    </message>
    <message>
        <source>a second</source>
        <translation>pro Sekunde</translation>
    </message>
    <message>
        <source>a minute</source>
        <translation>pro Minute</translation>
    </message>
    <message>
        <source>an hour</source>
        <translation>pro Stunde</translation>
    </message>
</context>
<context>
    <name>RowsView</name>
    <message>
        <source>{0}: columns</source>
        <translation>{0}: Spalten</translation>
    </message>
</context>
<context>
    <name>RunningFeed</name>
    <message>
        <source>Running tasks</source>
        <translation>Aktive Aufgaben</translation>
    </message>
</context>
<context>
    <name>RunningGraph</name>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Nothing is running. Drop files on the window, and they are taken in.</source>
        <translation>Nichts läuft. Ziehen Sie Dateien auf das Fenster, und sie werden aufgenommen.</translation>
    </message>
    <message>
        <source>{0} off</source>
        <translation>{0} aus</translation>
    </message>
    <message>
        <source>{0} at most</source>
        <translation>höchstens {0}</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
</context>
<context>
    <name>RunningSection</name>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Running tasks</source>
        <translation>Aktive Aufgaben</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel this task</source>
        <translation>Diese Aufgabe abbrechen</translation>
    </message>
    <message>
        <source>All running tasks</source>
        <translation>Alle aktiven Aufgaben</translation>
    </message>
    <message>
        <source>Everything is paused. Resume all, and it goes on.</source>
        <translation>Alles ist pausiert. „Alles fortsetzen“ lässt es weitergehen.</translation>
    </message>
    <message>
        <source>{0} is off. Its switch above turns it on.</source>
        <translation>{0} ist aus. Der Schalter oben schaltet es ein.</translation>
    </message>
    <message>
        <source>Nothing is running. What starts shows up here, with its progress.</source>
        <translation>Nichts läuft. Was startet, erscheint hier mit seinem Fortschritt.</translation>
    </message>
    <message>
        <source>Cancel {0}</source>
        <translation>{0} abbrechen</translation>
    </message>
</context>
<context>
    <name>ScheduleRow</name>
    <message>
        <source>Schedule {0}</source>
        <translation>Zeitplan {0}</translation>
    </message>
    <message>
        <source>Run {0} now</source>
        <translation>{0} jetzt starten</translation>
    </message>
    <message>
        <source>End {0}</source>
        <translation>{0} beenden</translation>
    </message>
    <message>
        <source>{0} on</source>
        <translation>{0} ein</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Keep the schedule {0}</source>
        <translation>Zeitplan {0} behalten</translation>
    </message>
    <message>
        <source>It comes no more. It can be kept for ten seconds.</source>
        <translation>Er kommt nicht mehr. Zehn Sekunden lang lässt er sich behalten.</translation>
    </message>
    <message>
        <source>{0} · {1} · paused</source>
        <translation>{0} · {1} · pausiert</translation>
    </message>
    <message>
        <source>{0} · {1} · due now</source>
        <translation>{0} · {1} · jetzt fällig</translation>
    </message>
    <message>
        <source>{0} · {1} · next {2}</source>
        <translation>{0} · {1} · nächster {2}</translation>
    </message>
</context>
<context>
    <name>SchedulesSection</name>
    <message>
        <source>Schedules</source>
        <translation>Zeitpläne</translation>
    </message>
    <message>
        <source>No schedules. A task that comes again, every hour or every night, stands here.</source>
        <translation>Keine Zeitpläne. Aufgaben, die jede Stunde oder jede Nacht wiederkehren, stehen hier.</translation>
    </message>
</context>
<context>
    <name>SettingRow</name>
    <message>
        <source>Reset to default: {0}</source>
        <translation>Auf Vorgabe zurücksetzen: {0}</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>It could not be stored: {0}. Nothing has changed.</source>
        <translation>Es konnte nicht gespeichert werden: {0}. Nichts wurde geändert.</translation>
    </message>
</context>
<context>
    <name>SettingsSearch</name>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Search all settings</source>
        <translation>Alle Einstellungen durchsuchen</translation>
    </message>
    <message>
        <source>Search all settings (Ctrl+F)</source>
        <translation>Alle Einstellungen durchsuchen (Strg+F)</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>Suche leeren</translation>
    </message>
    <message>
        <source>Settings that were found</source>
        <translation>Gefundene Einstellungen</translation>
    </message>
    <message>
        <source>No setting has these words. Try another, or fewer.</source>
        <translation>Keine Einstellung enthält diese Wörter. Versuchen Sie andere oder weniger.</translation>
    </message>
    <message>
        <source>{0}, on the page {1}</source>
        <translation>{0}, auf der Seite {1}</translation>
    </message>
</context>
<context>
    <name>SettingsSection</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>It could not be stored: {0}. Nothing has changed.</source>
        <translation>Es konnte nicht gespeichert werden: {0}. Nichts wurde geändert.</translation>
    </message>
</context>
<context>
    <name>SettingsWindow</name>
    <message>
        <source>Settings · Tidemill</source>
        <translation>Einstellungen · Tidemill</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Domains</source>
        <translation>Bereiche</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>Limits</translation>
    </message>
    <message>
        <source>Pressure</source>
        <translation>Auslastung</translation>
    </message>
    <message>
        <source>Plugins</source>
        <translation>Plugins</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Meldungen</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>Erweitert</translation>
    </message>
    <message>
        <source>Search all settings</source>
        <translation>Alle Einstellungen durchsuchen</translation>
    </message>
</context>
<context>
    <name>ShellFeed</name>
    <message>
        <source>Recovered 1 task that ran when Tidemill ended unexpectedly. It runs again.</source>
        <translation>1 Aufgabe, die beim unerwarteten Ende von Tidemill lief, ist wiederhergestellt. Sie läuft wieder.</translation>
    </message>
    <message>
        <source>Recovered {0} tasks that ran when Tidemill ended unexpectedly. They run again.</source>
        <translation>{0} Aufgaben, die beim unerwarteten Ende von Tidemill liefen, sind wiederhergestellt. Sie laufen wieder.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
</context>
<context>
    <name>SideBar</name>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>Open the folder with what was taken in</source>
        <translation>Den Ordner mit dem Aufgenommenen öffnen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Tasks</source>
        <translation>Aufgaben</translation>
    </message>
    <message>
        <source>Show the failures</source>
        <translation>Fehler zeigen</translation>
    </message>
    <message>
        <source>Load of the machine</source>
        <translation>Auslastung des Rechners</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>Wird geöffnet…</translation>
    </message>
    <message>
        <source>{0} running</source>
        <translation>{0} aktiv</translation>
    </message>
    <message>
        <source>{0} waiting</source>
        <translation>{0} wartend</translation>
    </message>
    <message>
        <source>{0} paused</source>
        <translation>{0} pausiert</translation>
    </message>
    <message>
        <source>All paused until {0}</source>
        <translation>Alles pausiert bis {0}</translation>
    </message>
    <message>
        <source>All paused</source>
        <translation>Alles pausiert</translation>
    </message>
    <message>
        <source>{0} failed</source>
        <translation>{0} Fehler</translation>
    </message>
    <message>
        <source>{0}: show the failures</source>
        <translation>{0}: Fehler zeigen</translation>
    </message>
    <message>
        <source>Calm · {0} %</source>
        <translation>Ruhig · {0} %</translation>
    </message>
    <message>
        <source>Busy: {0} {1} %</source>
        <translation>Ausgelastet: {0} {1} %</translation>
    </message>
    <message>
        <source>Very busy: {0} {1} %</source>
        <translation>Stark ausgelastet: {0} {1} %</translation>
    </message>
</context>
<context>
    <name>TagButton</name>
    <message>
        <source>Group tasks by a tag</source>
        <translation>Aufgaben nach einem Merkmal gruppieren</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Auftrag</translation>
    </message>
    <message>
        <source>Group tasks by a tag; now by {0}</source>
        <translation>Aufgaben nach einem Merkmal gruppieren; jetzt nach {0}</translation>
    </message>
    <message>
        <source>&amp;Group by: {0}</source>
        <translation>&amp;Gruppieren: {0}</translation>
    </message>
</context>
<context>
    <name>TaskDelegate</name>
    <message>
        <source>{0}/s</source>
        <translation>{0}/s</translation>
    </message>
</context>
<context>
    <name>TaskTable</name>
    <message>
        <source>Clear filters</source>
        <translation>Filter entfernen</translation>
    </message>
    <message>
        <source>Co&amp;py</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy the selected as text (Ctrl+C)</source>
        <translation>Die Auswahl als Text kopieren (Strg+C)</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>E&amp;xportieren…</translation>
    </message>
    <message>
        <source>Write all that is listed here into a file: CSV or JSON</source>
        <translation>Alles, was hier steht, in eine Datei schreiben: CSV oder JSON</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Filtered: {0}</source>
        <translation>Gefiltert: {0}</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Suche läuft…</translation>
    </message>
    <message>
        <source>No task matches</source>
        <translation>Keine Aufgabe passt</translation>
    </message>
    <message>
        <source>Nothing is as the filters want it. Take some away.</source>
        <translation>Nichts entspricht den Filtern. Entfernen Sie einige.</translation>
    </message>
    <message>
        <source>Finding all that is listed…</source>
        <translation>Alles Aufgelistete wird gesucht…</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copied: {0} tasks</source>
        <translation>Kopiert: {0} Aufgaben</translation>
    </message>
    <message>
        <source>Copied: the first {0} tasks. Export writes all of them.</source>
        <translation>Kopiert: die ersten {0} Aufgaben. „Exportieren“ schreibt alle.</translation>
    </message>
    <message>
        <source>All that is listed is selected</source>
        <translation>Alles, was hier steht, ist ausgewählt</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>CSV, for spreadsheets (*.csv)</source>
        <translation>CSV, für Tabellen (*.csv)</translation>
    </message>
    <message>
        <source>JSON, all there is (*.json)</source>
        <translation>JSON, vollständig (*.json)</translation>
    </message>
    <message>
        <source>Writing {0}: {1} tasks</source>
        <translation>{0} wird geschrieben: {1} Aufgaben</translation>
    </message>
    <message>
        <source>Writing {0}</source>
        <translation>{0} wird geschrieben</translation>
    </message>
    <message>
        <source>Written: {0} tasks into {1}</source>
        <translation>Geschrieben: {0} Aufgaben in {1}</translation>
    </message>
</context>
<context>
    <name>TasksModel</name>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Daten</translation>
    </message>
    <message>
        <source>Elapsed</source>
        <translation>Vergangen</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Rest</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Open Tidemill</source>
        <translation>Tidemill öffnen</translation>
    </message>
    <message>
        <source>Pause all</source>
        <translation>Alles pausieren</translation>
    </message>
    <message>
        <source>Pause all for 1 hour</source>
        <translation>Alles 1 Stunde pausieren</translation>
    </message>
    <message>
        <source>Pause all until tomorrow (8:00)</source>
        <translation>Alles bis morgen pausieren (8:00)</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Failed: {0}</source>
        <translation>Fehlgeschlagen: {0}</translation>
    </message>
    <message>
        <source>Resume all (paused until {0})</source>
        <translation>Alles fortsetzen (pausiert bis {0})</translation>
    </message>
    <message>
        <source>Resume all</source>
        <translation>Alles fortsetzen</translation>
    </message>
    <message>
        <source>Tidemill: paused until {0}</source>
        <translation>Tidemill: pausiert bis {0}</translation>
    </message>
    <message>
        <source>Tidemill: nothing to do</source>
        <translation>Tidemill: nichts zu tun</translation>
    </message>
    <message>
        <source>Tidemill: working</source>
        <translation>Tidemill: arbeitet</translation>
    </message>
    <message>
        <source>Tidemill: paused</source>
        <translation>Tidemill: pausiert</translation>
    </message>
    <message>
        <source>Tidemill: something failed</source>
        <translation>Tidemill: etwas ist fehlgeschlagen</translation>
    </message>
</context>
<context>
    <name>Trial</name>
    <message>
        <source>Trying again</source>
        <translation>Neuer Versuch</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>&amp;Try it with sample files</source>
        <translation>Mit &amp;Beispieldateien ausprobieren</translation>
    </message>
    <message>
        <source>&amp;Choose a folder…</source>
        <translation>&amp;Ordner wählen…</translation>
    </message>
    <message>
        <source>&amp;Start without files</source>
        <translation>Ohne Dateien &amp;starten</translation>
    </message>
    <message>
        <source>Welcome to Tidemill</source>
        <translation>Willkommen bei Tidemill</translation>
    </message>
    <message>
        <source>It does your background work, shows it, and gets out of the way.</source>
        <translation>Es erledigt Ihre Arbeit im Hintergrund, zeigt sie und ist nicht im Weg.</translation>
    </message>
    <message>
        <source>What it does</source>
        <translation>Was es tut</translation>
    </message>
    <message>
        <source>Takes files in</source>
        <translation>Nimmt Dateien auf</translation>
    </message>
    <message>
        <source>Makes thumbnails</source>
        <translation>Erstellt Vorschaubilder</translation>
    </message>
    <message>
        <source>Mirrors the library</source>
        <translation>Spiegelt die Bibliothek</translation>
    </message>
    <message>
        <source>Says how it went</source>
        <translation>Sagt, wie es lief</translation>
    </message>
    <message>
        <source>Give it something</source>
        <translation>Etwas zu tun geben</translation>
    </message>
    <message>
        <source>Choose a folder of your own; its files are copied, never moved or changed. Or try it with the pictures that come with Tidemill. It works without an account and without a network.</source>
        <translation>Wählen Sie einen eigenen Ordner; seine Dateien werden kopiert, nie verschoben oder geändert. Oder probieren Sie es mit den Bildern aus, die Tidemill mitbringt. Es braucht kein Konto und kein Netzwerk.</translation>
    </message>
    <message>
        <source>Watch it work</source>
        <translation>Bei der Arbeit zusehen</translation>
    </message>
    <message>
        <source>The Overview shows what runs, what waits and why, and what went wrong. Each part of the work has a switch there, and you can drop files on the window at any time.</source>
        <translation>Die Übersicht zeigt, was läuft, was wartet und warum, und was schiefging. Jeder Teil der Arbeit hat dort einen Schalter, und Sie können jederzeit Dateien auf das Fenster ziehen.</translation>
    </message>
</context>
<context>
    <name>Welcoming</name>
    <message>
        <source>Settings file {0}</source>
        <translation>Einstellungsdatei {0}</translation>
    </message>
    <message>
        <source>Make its folder writable; until then the welcome comes back</source>
        <translation>Machen Sie ihren Ordner beschreibbar; bis dahin kommt die Begrüßung wieder</translation>
    </message>
</context>
<context>
    <name>WhyWaiting</name>
    <message>
        <source>Open its setting</source>
        <translation>Einstellung öffnen</translation>
    </message>
    <message>
        <source>Lift what holds it</source>
        <translation>Aufheben, was sie hält</translation>
    </message>
    <message>
        <source>Show the task it waits for</source>
        <translation>Die Aufgabe zeigen, auf die sie wartet</translation>
    </message>
    <message>
        <source>All gates</source>
        <translation>Alle Schranken</translation>
    </message>
    <message>
        <source>Why is this waiting?</source>
        <translation>Warum wartet das?</translation>
    </message>
    <message>
        <source>Nothing holds it: it starts any moment.</source>
        <translation>Nichts hält sie: Sie startet jeden Moment.</translation>
    </message>
    <message>
        <source>Why is this waiting? {0}</source>
        <translation>Warum wartet das? {0}</translation>
    </message>
    <message>
        <source>Place in line</source>
        <translation>Platz in der Reihe</translation>
    </message>
    <message>
        <source>any moment</source>
        <translation>jeden Moment</translation>
    </message>
    <message>
        <source>Should start</source>
        <translation>Startet etwa</translation>
    </message>
    <message>
        <source>Show that task</source>
        <translation>Diese Aufgabe zeigen</translation>
    </message>
    <message>
        <source>Show the first of them</source>
        <translation>Die erste davon zeigen</translation>
    </message>
    <message>
        <source>Open the setting of: {0}</source>
        <translation>Einstellung öffnen von: {0}</translation>
    </message>
    <message>
        <source>Shows where this is set: {0}</source>
        <translation>Zeigt, wo das eingestellt ist: {0}</translation>
    </message>
    <message>
        <source>All gates: {0} open, {1} closed</source>
        <translation>Alle Schranken: {0} offen, {1} geschlossen</translation>
    </message>
</context>
<context>
    <name>_GateRow</name>
    <message>
        <source>open</source>
        <translation>offen</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>geschlossen</translation>
    </message>
    <message>
        <source>{0}: {1}. {2}</source>
        <translation>{0}: {1}. {2}</translation>
    </message>
</context>
<context>
    <name>_ProgressRows</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>How far it is, is not known</source>
        <translation>Wie weit sie ist, ist nicht bekannt</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>Go to</source>
        <translation>Gehe zu</translation>
    </message>
    <message>
        <source>Take in</source>
        <translation>Aufnehmen</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>Arbeit</translation>
    </message>
    <message>
        <source>Tidemill</source>
        <translation>Tidemill</translation>
    </message>
    <message>
        <source>Show {0}</source>
        <translation>{0} zeigen</translation>
    </message>
    <message>
        <source>Go to or do anything</source>
        <translation>Befehlspalette öffnen</translation>
    </message>
    <message>
        <source>Show or hide the inspector</source>
        <translation>Inspektor zeigen oder verbergen</translation>
    </message>
    <message>
        <source>Add files</source>
        <translation>Dateien hinzufügen</translation>
    </message>
    <message>
        <source>Add a folder</source>
        <translation>Ordner hinzufügen</translation>
    </message>
    <message>
        <source>Take in what was copied</source>
        <translation>Kopiertes aufnehmen</translation>
    </message>
    <message>
        <source>Pause all, or resume all</source>
        <translation>Alles pausieren oder fortsetzen</translation>
    </message>
    <message>
        <source>Pause all for 1 hour</source>
        <translation>Alles 1 Stunde pausieren</translation>
    </message>
    <message>
        <source>Pause all until tomorrow (8:00)</source>
        <translation>Alles bis morgen pausieren (8:00)</translation>
    </message>
    <message>
        <source>Undo what was done last</source>
        <translation>Letzte Aktion rückgängig machen</translation>
    </message>
    <message>
        <source>Open the library</source>
        <translation>Bibliothek öffnen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
</context>
<context>
    <name>card_wording</name>
    <message>
        <source>{0} a second</source>
        <translation>{0} pro Sekunde</translation>
    </message>
    <message>
        <source>{0} a minute</source>
        <translation>{0} pro Minute</translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation>noch {0}</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>disk</source>
        <translation>Datenträger</translation>
    </message>
    <message>
        <source>network</source>
        <translation>Netzwerk</translation>
    </message>
    <message>
        <source>other programs</source>
        <translation>andere Programme</translation>
    </message>
    <message>
        <source>battery</source>
        <translation>Akku</translation>
    </message>
    <message>
        <source>metered network</source>
        <translation>getaktetes Netzwerk</translation>
    </message>
    <message>
        <source>quiet hours</source>
        <translation>Ruhezeit</translation>
    </message>
</context>
<context>
    <name>causes</name>
    <message>
        <source>It gave no reason</source>
        <translation>Ohne Angabe eines Grundes</translation>
    </message>
    <message>
        <source>1 task</source>
        <translation>1 Aufgabe</translation>
    </message>
    <message>
        <source>{0} tasks</source>
        <translation>{0} Aufgaben</translation>
    </message>
    <message>
        <source>{0} and others</source>
        <translation>{0} und andere</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}, {1}</translation>
    </message>
    <message>
        <source>{0}, first {1}, last {2}</source>
        <translation>{0}, zuerst {1}, zuletzt {2}</translation>
    </message>
    <message>
        <source>Mend the cause, then try it again: what becomes of it is said here.</source>
        <translation>Beheben Sie die Ursache, und versuchen Sie es dann erneut: Was daraus wird, steht hier.</translation>
    </message>
    <message>
        <source>Mend the cause, then try one: what becomes of it is said here. If it works, retry the others.</source>
        <translation>Beheben Sie die Ursache, und versuchen Sie dann eine: Was daraus wird, steht hier. Gelingt es, wiederholen Sie die anderen.</translation>
    </message>
    <message>
        <source>{0} failed again, for another cause: {1}</source>
        <translation>{0} schlug erneut fehl, aus anderer Ursache: {1}</translation>
    </message>
    <message>
        <source>{0} is tried again: it waits for its turn…</source>
        <translation>{0} wird erneut versucht: wartet, bis es an der Reihe ist…</translation>
    </message>
    <message>
        <source>{0} is tried again as soon as {1} goes on: it is paused.</source>
        <translation>{0} wird erneut versucht, sobald {1} weitergeht: Der Bereich ist pausiert.</translation>
    </message>
    <message>
        <source>{0} is tried again: it is at work…</source>
        <translation>{0} wird erneut versucht: ist in Arbeit…</translation>
    </message>
    <message>
        <source>{0} failed once more and is tried again by itself…</source>
        <translation>{0} schlug noch einmal fehl und wird von selbst erneut versucht…</translation>
    </message>
    <message>
        <source>{0} failed again, for the same cause.</source>
        <translation>{0} schlug erneut fehl, aus derselben Ursache.</translation>
    </message>
    <message>
        <source>{0} failed again, for another cause.</source>
        <translation>{0} schlug erneut fehl, aus anderer Ursache.</translation>
    </message>
    <message>
        <source>{0} was not tried: it was cancelled or is gone.</source>
        <translation>{0} wurde nicht versucht: abgebrochen oder nicht mehr da.</translation>
    </message>
    <message>
        <source>{0} worked. Nothing else failed for this cause.</source>
        <translation>{0} hat geklappt. Sonst schlug aus dieser Ursache nichts fehl.</translation>
    </message>
    <message>
        <source>{0} worked. Retry the other one.</source>
        <translation>{0} hat geklappt. Wiederholen Sie die andere.</translation>
    </message>
    <message>
        <source>{0} worked. Retry the other {1}.</source>
        <translation>{0} hat geklappt. Wiederholen Sie die anderen {1}.</translation>
    </message>
</context>
<context>
    <name>close-question</name>
    <message>
        <source>Quit Tidemill?</source>
        <translation>Tidemill beenden?</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Keep the window</source>
        <translation>Fenster behalten</translation>
    </message>
    <message>
        <source>There is no tray to go on in. What runs goes on at the next start.</source>
        <translation>Es gibt keinen Infobereich, in dem es weitergehen könnte. Was läuft, geht beim nächsten Start weiter.</translation>
    </message>
</context>
<context>
    <name>domain actions</name>
    <message>
        <source>A&amp;ctions</source>
        <translation>A&amp;ktionen</translation>
    </message>
    <message>
        <source>Actions of {0}</source>
        <translation>Aktionen von {0}</translation>
    </message>
</context>
<context>
    <name>gates</name>
    <message>
        <source>Other tasks</source>
        <translation>Andere Aufgaben</translation>
    </message>
    <message>
        <source>Child tasks</source>
        <translation>Teilaufgaben</translation>
    </message>
    <message>
        <source>Schedule</source>
        <translation>Zeitplan</translation>
    </message>
    <message>
        <source>Pause of everything</source>
        <translation>Pause insgesamt</translation>
    </message>
    <message>
        <source>Pause of {0}</source>
        <translation>Pause von {0}</translation>
    </message>
    <message>
        <source>Pause of its group</source>
        <translation>Pause der Gruppe</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Limit over all domains</source>
        <translation>Limit für alle Bereiche</translation>
    </message>
    <message>
        <source>Limit of {0}</source>
        <translation>Limit für {0}</translation>
    </message>
    <message>
        <source>Limit of its group</source>
        <translation>Limit der Gruppe</translation>
    </message>
    <message>
        <source>Busy machine</source>
        <translation>Ausgelasteter Rechner</translation>
    </message>
    <message>
        <source>Disk and network</source>
        <translation>Datenträger und Netzwerk</translation>
    </message>
    <message>
        <source>Starts of its type</source>
        <translation>Starts dieses Typs</translation>
    </message>
    <message>
        <source>Starts of its group</source>
        <translation>Starts der Gruppe</translation>
    </message>
    <message>
        <source>Resume all</source>
        <translation>Alles fortsetzen</translation>
    </message>
    <message>
        <source>Resume {0}</source>
        <translation>{0} fortsetzen</translation>
    </message>
    <message>
        <source>Resume group {0}</source>
        <translation>Gruppe {0} fortsetzen</translation>
    </message>
    <message>
        <source>Resume its schedule</source>
        <translation>Zeitplan fortsetzen</translation>
    </message>
    <message>
        <source>Try again now</source>
        <translation>Jetzt erneut versuchen</translation>
    </message>
    <message>
        <source>Start now</source>
        <translation>Jetzt starten</translation>
    </message>
    <message>
        <source>Raise limit to {0}</source>
        <translation>Limit auf {0} erhöhen</translation>
    </message>
    <message>
        <source>Lift this limit</source>
        <translation>Limit aufheben</translation>
    </message>
    <message>
        <source>Run anyway</source>
        <translation>Trotzdem starten</translation>
    </message>
    <message>
        <source>Makes this task so urgent that it does not wait for the machine.</source>
        <translation>Macht die Aufgabe so dringend, dass sie nicht auf den Rechner wartet.</translation>
    </message>
    <message>
        <source>Lets this task start whatever it moves.</source>
        <translation>Lässt die Aufgabe starten, gleich wie viel sie überträgt.</translation>
    </message>
    <message>
        <source>Tasks of this type start as often as they like. It is kept; the settings have it.</source>
        <translation>Aufgaben dieses Typs starten beliebig oft. Das bleibt so; es steht in den Einstellungen.</translation>
    </message>
    <message>
        <source>Tasks of this group start as often as they like. It is kept; its settings have it.</source>
        <translation>Aufgaben dieser Gruppe starten beliebig oft. Das bleibt so; es steht in ihren Einstellungen.</translation>
    </message>
    <message>
        <source>The new limit is kept; the settings have it.</source>
        <translation>Das neue Limit bleibt; es steht in den Einstellungen.</translation>
    </message>
    <message>
        <source>{0} a second</source>
        <translation>{0} pro Sekunde</translation>
    </message>
    <message>
        <source>{0} a minute</source>
        <translation>{0} pro Minute</translation>
    </message>
    <message>
        <source>{0} an hour</source>
        <translation>{0} pro Stunde</translation>
    </message>
    <message>
        <source>Everything is paused until {0}.</source>
        <translation>Alles ist pausiert bis {0}.</translation>
    </message>
    <message>
        <source>Everything is paused.</source>
        <translation>Alles ist pausiert.</translation>
    </message>
    <message>
        <source>{0} is not there: its plugin is missing, switched off or broken.</source>
        <translation>{0} ist nicht da: Das Plugin fehlt, ist ausgeschaltet oder defekt.</translation>
    </message>
    <message>
        <source>{0} is paused until {1}.</source>
        <translation>{0} ist pausiert bis {1}.</translation>
    </message>
    <message>
        <source>{0} is paused.</source>
        <translation>{0} ist pausiert.</translation>
    </message>
    <message>
        <source>Group {0} is paused until {1}.</source>
        <translation>Gruppe {0} ist pausiert bis {1}.</translation>
    </message>
    <message>
        <source>Group {0} is paused.</source>
        <translation>Gruppe {0} ist pausiert.</translation>
    </message>
    <message>
        <source>It failed, and is tried again at {0}.</source>
        <translation>Sie ist fehlgeschlagen; der nächste Versuch ist um {0}.</translation>
    </message>
    <message>
        <source>It is not due before {0}.</source>
        <translation>Sie ist nicht vor {0} fällig.</translation>
    </message>
    <message>
        <source>The limit over all domains is 0, so nothing starts.</source>
        <translation>Das Limit für alle Bereiche ist 0, also startet nichts.</translation>
    </message>
    <message>
        <source>{0} tasks run, and the limit over all domains is {1}.</source>
        <translation>Aktive Aufgaben: {0}; das Limit für alle Bereiche ist {1}.</translation>
    </message>
    <message>
        <source>The only slot over all domains is taken.</source>
        <translation>Der einzige Platz für alle Bereiche ist belegt.</translation>
    </message>
    <message>
        <source>All {0} slots over all domains are taken.</source>
        <translation>Alle {0} Plätze für alle Bereiche sind belegt.</translation>
    </message>
    <message>
        <source>The limit of {0} is 0, so nothing of it starts.</source>
        <translation>Das Limit für {0} ist 0, also startet dort nichts.</translation>
    </message>
    <message>
        <source>{0} tasks of {2} run, and its limit is {1}.</source>
        <translation>Aktive Aufgaben von {2}: {0}; das Limit ist {1}.</translation>
    </message>
    <message>
        <source>The only slot of {0} is taken.</source>
        <translation>Der einzige Platz von {0} ist belegt.</translation>
    </message>
    <message>
        <source>All {0} slots of {1} are taken.</source>
        <translation>Alle {0} Plätze von {1} sind belegt.</translation>
    </message>
    <message>
        <source>The limit of group {0} is 0, so nothing of it starts.</source>
        <translation>Das Limit der Gruppe {0} ist 0, also startet dort nichts.</translation>
    </message>
    <message>
        <source>{0} tasks of group {2} run, and its limit is {1}.</source>
        <translation>Aktive Aufgaben der Gruppe {2}: {0}; das Limit ist {1}.</translation>
    </message>
    <message>
        <source>The only slot of group {0} is taken.</source>
        <translation>Der einzige Platz der Gruppe {0} ist belegt.</translation>
    </message>
    <message>
        <source>All {0} slots of group {1} are taken.</source>
        <translation>Alle {0} Plätze der Gruppe {1} sind belegt.</translation>
    </message>
    <message>
        <source>The machine is {0} busy; tasks of priority {1} wait until it is at {2} or below.</source>
        <translation>Der Rechner ist zu {0} ausgelastet; Aufgaben der Priorität {1} warten, bis es höchstens {2} sind.</translation>
    </message>
    <message>
        <source>With it {0} would be read from disk at once, and the machine has room for {1}.</source>
        <translation>Mit ihr würden {0} gleichzeitig gelesen; der Datenträger schafft {1}.</translation>
    </message>
    <message>
        <source>With it {0} would be written to disk at once, and the machine has room for {1}.</source>
        <translation>Mit ihr würden {0} gleichzeitig geschrieben; der Datenträger schafft {1}.</translation>
    </message>
    <message>
        <source>With it {0} would be received at once, and the network has room for {1}.</source>
        <translation>Mit ihr würden {0} gleichzeitig empfangen; das Netzwerk schafft {1}.</translation>
    </message>
    <message>
        <source>With it {0} would be sent at once, and the network has room for {1}.</source>
        <translation>Mit ihr würden {0} gleichzeitig gesendet; das Netzwerk schafft {1}.</translation>
    </message>
    <message>
        <source>Only {0} of {1} may start; the next one in {2}.</source>
        <translation>Von {1} dürfen nur {0} starten; die nächste in {2}.</translation>
    </message>
    <message>
        <source>Only {0} of group {1} may start; the next one in {2}.</source>
        <translation>Von der Gruppe {1} dürfen nur {0} starten; die nächste in {2}.</translation>
    </message>
    <message>
        <source>It waits for a task that has failed. Retry that one, or cancel this one.</source>
        <translation>Sie wartet auf eine Aufgabe, die fehlgeschlagen ist. Wiederholen Sie jene, oder brechen Sie diese ab.</translation>
    </message>
    <message>
        <source>It waits for another task.</source>
        <translation>Sie wartet auf eine andere Aufgabe.</translation>
    </message>
    <message>
        <source>It waits for {0} other tasks.</source>
        <translation>Sie wartet auf {0} andere Aufgaben.</translation>
    </message>
    <message>
        <source>Its own work is done; it waits for one child task.</source>
        <translation>Ihre eigene Arbeit ist fertig; sie wartet auf eine Teilaufgabe.</translation>
    </message>
    <message>
        <source>Its own work is done; it waits for {0} child tasks.</source>
        <translation>Ihre eigene Arbeit ist fertig; sie wartet auf {0} Teilaufgaben.</translation>
    </message>
    <message>
        <source>Its schedule is paused.</source>
        <translation>Ihr Zeitplan ist pausiert.</translation>
    </message>
    <message>
        <source>It belongs to no group.</source>
        <translation>Sie gehört zu keiner Gruppe.</translation>
    </message>
    <message>
        <source>{0} running, and no limit.</source>
        <translation>{0} aktiv, ohne Limit.</translation>
    </message>
    <message>
        <source>{0} of {1} slots taken.</source>
        <translation>{0} von {1} Plätzen belegt.</translation>
    </message>
    <message>
        <source>The machine is {0} busy; it does not wait for that.</source>
        <translation>Der Rechner ist zu {0} ausgelastet; sie wartet nicht darauf.</translation>
    </message>
    <message>
        <source>The machine is {0} busy; it waits above {1}.</source>
        <translation>Der Rechner ist zu {0} ausgelastet; sie wartet ab {1}.</translation>
    </message>
    <message>
        <source>There is no such limit.</source>
        <translation>Ein solches Limit gibt es nicht.</translation>
    </message>
    <message>
        <source>{0} may start, and one can now.</source>
        <translation>Erlaubt sind {0}, und eine kann jetzt starten.</translation>
    </message>
    <message>
        <source>Group {0} is not paused.</source>
        <translation>Gruppe {0} ist nicht pausiert.</translation>
    </message>
    <message>
        <source>Not everything is paused.</source>
        <translation>Es ist nicht alles pausiert.</translation>
    </message>
    <message>
        <source>{0} is on.</source>
        <translation>{0} ist eingeschaltet.</translation>
    </message>
    <message>
        <source>Its time has come.</source>
        <translation>Ihre Zeit ist gekommen.</translation>
    </message>
    <message>
        <source>There is room for what it moves.</source>
        <translation>Für das, was sie überträgt, ist Platz.</translation>
    </message>
    <message>
        <source>{0} ms</source>
        <translation>{0} ms</translation>
    </message>
</context>
<context>
    <name>group_limits</name>
    <message>
        <source>{0} a second</source>
        <translation>{0} pro Sekunde</translation>
    </message>
    <message>
        <source>{0} a minute</source>
        <translation>{0} pro Minute</translation>
    </message>
    <message>
        <source>{0} an hour</source>
        <translation>{0} pro Stunde</translation>
    </message>
</context>
<context>
    <name>holding</name>
    <message>
        <source>Slowing down: processor busy</source>
        <translation>Gebremst: Prozessor ausgelastet</translation>
    </message>
    <message>
        <source>Slowing down: disk busy</source>
        <translation>Gebremst: Datenträger ausgelastet</translation>
    </message>
    <message>
        <source>Slowing down: memory nearly full</source>
        <translation>Gebremst: Arbeitsspeicher fast voll</translation>
    </message>
    <message>
        <source>Slowing down: network busy</source>
        <translation>Gebremst: Netzwerk ausgelastet</translation>
    </message>
    <message>
        <source>Slowing down: other programs busy</source>
        <translation>Gebremst: andere Programme arbeiten</translation>
    </message>
    <message>
        <source>Waiting: on battery</source>
        <translation>Wartet: Akkubetrieb</translation>
    </message>
    <message>
        <source>Waiting: metered network</source>
        <translation>Wartet: getaktetes Netzwerk</translation>
    </message>
    <message>
        <source>Waiting: quiet hours</source>
        <translation>Wartet: Ruhezeit</translation>
    </message>
    <message>
        <source>Slowing down: {0} busy</source>
        <translation>Gebremst: {0} ausgelastet</translation>
    </message>
    <message>
        <source>1 task of {0} waits until the computer is plugged in.</source>
        <translation>{0}: 1 Aufgabe wartet, bis der Rechner am Netz ist.</translation>
    </message>
    <message>
        <source>{1} tasks of {0} wait until the computer is plugged in.</source>
        <translation>{0}: {1} Aufgaben warten, bis der Rechner am Netz ist.</translation>
    </message>
    <message>
        <source>1 task of {0} waits for a network that is not metered.</source>
        <translation>{0}: 1 Aufgabe wartet auf ein Netzwerk, das nicht getaktet ist.</translation>
    </message>
    <message>
        <source>{1} tasks of {0} wait for a network that is not metered.</source>
        <translation>{0}: {1} Aufgaben warten auf ein Netzwerk, das nicht getaktet ist.</translation>
    </message>
    <message>
        <source>1 task of {0} waits until {2}.</source>
        <translation>{0}: 1 Aufgabe wartet bis {2}.</translation>
    </message>
    <message>
        <source>{1} tasks of {0} wait until {2}.</source>
        <translation>{0}: {1} Aufgaben warten bis {2}.</translation>
    </message>
    <message>
        <source>1 task of {0} waits: the pressure is {2} %, and it starts at {3} %.</source>
        <translation>{0}: 1 Aufgabe wartet: Die Auslastung ist {2} %, sie startet bei {3} %.</translation>
    </message>
    <message>
        <source>{1} tasks of {0} wait: the pressure is {2} %, and they start at {3} %.</source>
        <translation>{0}: {1} Aufgaben warten: Die Auslastung ist {2} %, sie starten bei {3} %.</translation>
    </message>
    <message>
        <source>Working anyway until {0}, however busy the machine is.</source>
        <translation>Arbeitet trotzdem bis {0}, gleich wie ausgelastet der Rechner ist.</translation>
    </message>
</context>
<context>
    <name>inspector</name>
    <message>
        <source>{0}. Running since {1}</source>
        <translation>{0}. Läuft seit {1}</translation>
    </message>
    <message>
        <source>{0} earlier attempts are not shown</source>
        <translation>{0} frühere Versuche sind nicht dargestellt</translation>
    </message>
    <message>
        <source>{0}. {1}, failed after {2}</source>
        <translation>{0}. {1}, fehlgeschlagen nach {2}</translation>
    </message>
    <message>
        <source>{0}. {1}, completed after {2}</source>
        <translation>{0}. {1}, abgeschlossen nach {2}</translation>
    </message>
    <message>
        <source>{0}. {1}, ended after {2}</source>
        <translation>{0}. {1}, beendet nach {2}</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>Waiting for its children</source>
        <translation>Wartet auf Teilaufgaben</translation>
    </message>
    <message>
        <source>Blocked by other tasks</source>
        <translation>Wartet auf andere Aufgaben</translation>
    </message>
    <message>
        <source>Completed</source>
        <translation>Abgeschlossen</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>Replaced by a newer one</source>
        <translation>Durch eine neuere ersetzt</translation>
    </message>
    <message>
        <source>Expired before it started</source>
        <translation>Vor dem Start abgelaufen</translation>
    </message>
    <message>
        <source>Not run: what it needs failed</source>
        <translation>Nicht gestartet: Voraussetzung fehlgeschlagen</translation>
    </message>
    <message>
        <source>Failed, and out of retries</source>
        <translation>Fehlgeschlagen, keine Versuche mehr</translation>
    </message>
    <message>
        <source>real time ({0})</source>
        <translation>Echtzeit ({0})</translation>
    </message>
    <message>
        <source>high ({0})</source>
        <translation>hoch ({0})</translation>
    </message>
    <message>
        <source>normal ({0})</source>
        <translation>normal ({0})</translation>
    </message>
    <message>
        <source>background ({0})</source>
        <translation>Hintergrund ({0})</translation>
    </message>
    <message>
        <source>idle ({0})</source>
        <translation>Leerlauf ({0})</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>Priorität</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Gruppe</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>Erstellt</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Gestartet</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>Beendet</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Expires</source>
        <translation>Läuft ab</translation>
    </message>
    <message>
        <source>{0} of {1} used</source>
        <translation>{0} von {1} Mal</translation>
    </message>
    <message>
        <source>Retries</source>
        <translation>Wiederholt</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Auftrag</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>Erwartet</translation>
    </message>
    <message>
        <source>Moved</source>
        <translation>Übertragen</translation>
    </message>
    <message>
        <source>{0} read</source>
        <translation>{0} gelesen</translation>
    </message>
    <message>
        <source>{0} written</source>
        <translation>{0} geschrieben</translation>
    </message>
    <message>
        <source>{0} received</source>
        <translation>{0} empfangen</translation>
    </message>
    <message>
        <source>{0} sent</source>
        <translation>{0} gesendet</translation>
    </message>
    <message>
        <source>{0} more characters; Copy has all of them</source>
        <translation>{0} weitere Zeichen; „Kopieren“ nimmt alle</translation>
    </message>
    <message>
        <source>{0} ms</source>
        <translation>{0} ms</translation>
    </message>
</context>
<context>
    <name>jobs</name>
    <message>
        <source>{0} tasks</source>
        <translation>{0} Aufgaben</translation>
    </message>
    <message>
        <source>1 task</source>
        <translation>1 Aufgabe</translation>
    </message>
    <message>
        <source>estimating…</source>
        <translation>wird geschätzt…</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartend</translation>
    </message>
    <message>
        <source>{0} paused</source>
        <translation>{0} pausiert</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>some failed</source>
        <translation>mit Fehlern</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>{0} done</source>
        <translation>{0} fertig</translation>
    </message>
    <message>
        <source>{0} running</source>
        <translation>{0} aktiv</translation>
    </message>
    <message>
        <source>{0} waiting</source>
        <translation>{0} wartend</translation>
    </message>
    <message>
        <source>{0} failed</source>
        <translation>{0} Fehler</translation>
    </message>
    <message>
        <source>{0} cancelled</source>
        <translation>{0} abgebrochen</translation>
    </message>
    <message>
        <source>{0}, {1}: {2} of {3} done</source>
        <translation>{0}, {1}: {2} von {3} fertig</translation>
    </message>
    <message>
        <source>(empty)</source>
        <translation>(leer)</translation>
    </message>
</context>
<context>
    <name>lifts</name>
    <message>
        <source>Task {0}</source>
        <translation>Aufgabe {0}</translation>
    </message>
    <message>
        <source>Rate limit of {0}</source>
        <translation>Startlimit für {0}</translation>
    </message>
    <message>
        <source>Group {0}</source>
        <translation>Gruppe {0}</translation>
    </message>
</context>
<context>
    <name>pages</name>
    <message>
        <source>Overview</source>
        <translation>Übersicht</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Failures</source>
        <translation>Fehler</translation>
    </message>
</context>
<context>
    <name>palette</name>
    <message>
        <source>Domain</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>Open {0}</source>
        <translation>{0} öffnen</translation>
    </message>
    <message>
        <source>Switch {0} on</source>
        <translation>{0} einschalten</translation>
    </message>
    <message>
        <source>Switch {0} off</source>
        <translation>{0} ausschalten</translation>
    </message>
    <message>
        <source>Pause {0} for 1 hour</source>
        <translation>{0} 1 Stunde pausieren</translation>
    </message>
    <message>
        <source>Pause {0} until tomorrow (8:00)</source>
        <translation>{0} bis morgen pausieren (8:00)</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>Einstellung</translation>
    </message>
</context>
<context>
    <name>pauses</name>
    <message>
        <source>Pause for 1 hour</source>
        <translation>1 Stunde pausieren</translation>
    </message>
    <message>
        <source>Pause until tomorrow ({0})</source>
        <translation>Bis morgen pausieren ({0})</translation>
    </message>
    <message>
        <source>Pause until I resume</source>
        <translation>Pausieren, bis ich fortsetze</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>Paused until {0}</source>
        <translation>Pausiert bis {0}</translation>
    </message>
    <message>
        <source>Everything is paused until you resume.</source>
        <translation>Alles ist pausiert, bis Sie fortsetzen.</translation>
    </message>
    <message>
        <source>Everything is paused until {0}.</source>
        <translation>Alles ist pausiert bis {0}.</translation>
    </message>
    <message>
        <source>Everything has been paused since {0}. Resume?</source>
        <translation>Alles ist seit {0} pausiert. Fortsetzen?</translation>
    </message>
    <message>
        <source>{0} has been off since {1}. Resume?</source>
        <translation>{0} ist seit {1} ausgeschaltet. Fortsetzen?</translation>
    </message>
</context>
<context>
    <name>pipeline</name>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
    <message>
        <source>{0} running</source>
        <translation>{0} aktiv</translation>
    </message>
    <message>
        <source>{0} paused</source>
        <translation>{0} pausiert</translation>
    </message>
    <message>
        <source>{0} failed</source>
        <translation>{0} Fehler</translation>
    </message>
</context>
<context>
    <name>plugin-settings</name>
    <message>
        <source>Secrets are kept in the system&apos;s keyring; where there is none, in settings.toml, which only you may read.</source>
        <translation>Geheimnisse liegen im Schlüsselbund des Systems; wo es keinen gibt, in settings.toml, die nur Sie lesen dürfen.</translation>
    </message>
    <message>
        <source>Secrets are kept in the system&apos;s keyring.</source>
        <translation>Geheimnisse liegen im Schlüsselbund des Systems.</translation>
    </message>
    <message>
        <source>No keyring of this system answered: secrets are kept in settings.toml, which only you may read.</source>
        <translation>Kein Schlüsselbund des Systems hat geantwortet: Geheimnisse liegen in settings.toml, die nur Sie lesen dürfen.</translation>
    </message>
    <message>
        <source>Holds for what starts from now on; what runs goes on as it began.</source>
        <translation>Gilt für alles, was ab jetzt startet; was läuft, läuft weiter wie begonnen.</translation>
    </message>
    <message>
        <source>Holds at once: what runs is interrupted for it, and starts again.</source>
        <translation>Gilt sofort: Was läuft, wird dafür unterbrochen und beginnt neu.</translation>
    </message>
</context>
<context>
    <name>running</name>
    <message>
        <source>{0} · attempt {1}</source>
        <translation>{0} · Versuch {1}</translation>
    </message>
    <message>
        <source>about {0}</source>
        <translation>etwa {0}</translation>
    </message>
    <message>
        <source>started {0}</source>
        <translation>gestartet {0}</translation>
    </message>
    <message>
        <source>working</source>
        <translation>arbeitet</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
</context>
<context>
    <name>schedules</name>
    <message>
        <source>at {0} ({1})</source>
        <translation>um {0} ({1})</translation>
    </message>
    <message>
        <source>every day</source>
        <translation>jeden Tag</translation>
    </message>
    <message>
        <source>every hour</source>
        <translation>jede Stunde</translation>
    </message>
    <message>
        <source>every minute</source>
        <translation>jede Minute</translation>
    </message>
    <message>
        <source>every second</source>
        <translation>jede Sekunde</translation>
    </message>
    <message>
        <source>every {0} days</source>
        <translation>alle {0} Tage</translation>
    </message>
    <message>
        <source>every {0} hours</source>
        <translation>alle {0} Stunden</translation>
    </message>
    <message>
        <source>every {0} minutes</source>
        <translation>alle {0} Minuten</translation>
    </message>
    <message>
        <source>every {0} seconds</source>
        <translation>alle {0} Sekunden</translation>
    </message>
    <message>
        <source>every day at {0} ({1})</source>
        <translation>jeden Tag um {0} ({1})</translation>
    </message>
    <message>
        <source>Monday to Friday at {0} ({1})</source>
        <translation>Montag bis Freitag um {0} ({1})</translation>
    </message>
    <message>
        <source>every {0} at {1} ({2})</source>
        <translation>jeden {0} um {1} ({2})</translation>
    </message>
    <message>
        <source>on day {0} of every month at {1} ({2})</source>
        <translation>am {0}. jedes Monats um {1} ({2})</translation>
    </message>
    <message>
        <source>every hour at {0} minutes past</source>
        <translation>jede Stunde, {0} Minuten nach voll</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Appearance</source>
        <translation>Erscheinungsbild</translation>
    </message>
    <message>
        <source>Light, dark, or as the system is</source>
        <translation>Hell, dunkel oder wie das System</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Of all texts; English where the system&apos;s is not there</source>
        <translation>Aller Texte; Englisch, wenn es die des Systems nicht gibt</translation>
    </message>
    <message>
        <source>As the system is</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <source>Deutsch</source>
        <translation>Deutsch</translation>
    </message>
    <message>
        <source>Welcome was shown</source>
        <translation>Begrüßung wurde gezeigt</translation>
    </message>
    <message>
        <source>Off shows the welcome page again</source>
        <translation>„Aus“ zeigt die Begrüßung wieder</translation>
    </message>
    <message>
        <source>Keep working in the tray</source>
        <translation>Im Infobereich weiterarbeiten</translation>
    </message>
    <message>
        <source>Closing the window leaves the work running, if there is a tray</source>
        <translation>Nach dem Schließen des Fensters läuft die Arbeit weiter, falls es einen Infobereich gibt</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Meldungen</translation>
    </message>
    <message>
        <source>Messages about finished jobs and failures</source>
        <translation>Über fertige Aufträge und Fehler</translation>
    </message>
    <message>
        <source>Remind of a pause after</source>
        <translation>An eine Pause erinnern nach</translation>
    </message>
    <message>
        <source>Hours after which a pause without an end is brought to mind; 0 never</source>
        <translation>Stunden, nach denen an eine Pause ohne Ende erinnert wird; 0: nie</translation>
    </message>
    <message>
        <source>Tray hint was shown</source>
        <translation>Hinweis zum Infobereich wurde gezeigt</translation>
    </message>
    <message>
        <source>The message about working on in the tray was shown once</source>
        <translation>Die Meldung über das Weiterarbeiten im Infobereich wurde einmal gezeigt</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>Höchstens</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>Gewicht</translation>
    </message>
    <message>
        <source>Kept free</source>
        <translation>Freigehalten</translation>
    </message>
    <message>
        <source>Starts</source>
        <translation>Starts</translation>
    </message>
    <message>
        <source>As 10/second, 10/minute or 10/hour</source>
        <translation>Als 10/second, 10/minute oder 10/hour</translation>
    </message>
    <message>
        <source>In each</source>
        <translation>In jeder</translation>
    </message>
    <message>
        <source>Tasks at once</source>
        <translation>Gleichzeitige Aufgaben</translation>
    </message>
    <message>
        <source>Over all domains together</source>
        <translation>Über alle Bereiche zusammen</translation>
    </message>
    <message>
        <source>Tasks at once by domain</source>
        <translation>Gleichzeitige Aufgaben je Bereich</translation>
    </message>
    <message>
        <source>Overrides what the plugin declares; 0: as many as there are slots</source>
        <translation>Ersetzt die Vorgabe des Plugins; 0: so viele, wie es Plätze gibt</translation>
    </message>
    <message>
        <source>Tasks at once in a group</source>
        <translation>Gleichzeitige Aufgaben einer Gruppe</translation>
    </message>
    <message>
        <source>Of groups that have no limit of their own, over all domains</source>
        <translation>Für Gruppen ohne eigenes Limit, über alle Bereiche</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>kein Limit</translation>
    </message>
    <message>
        <source>Bandwidth</source>
        <translation>Bandbreite</translation>
    </message>
    <message>
        <source>Both ways together: a network that moves nearly as much counts as busy</source>
        <translation>Beide Richtungen zusammen: Überträgt das Netzwerk annähernd so viel, gilt es als ausgelastet</translation>
    </message>
    <message>
        <source> MB/s</source>
        <translation> MB/s</translation>
    </message>
    <message>
        <source>Starts by type of task</source>
        <translation>Starts je Aufgabentyp</translation>
    </message>
    <message>
        <source>How often tasks of a type may start</source>
        <translation>Wie oft Aufgaben eines Typs starten dürfen</translation>
    </message>
    <message>
        <source>Limits of groups</source>
        <translation>Limits von Gruppen</translation>
    </message>
    <message>
        <source>By the group&apos;s name; they hold over all domains</source>
        <translation>Nach dem Namen der Gruppe; sie gelten für alle Bereiche</translation>
    </message>
    <message>
        <source>Slow down while the machine is busy</source>
        <translation>Bremsen, solange der Rechner ausgelastet ist</translation>
    </message>
    <message>
        <source>Off: tasks start however busy it is</source>
        <translation>Aus: Aufgaben starten bei jeder Auslastung</translation>
    </message>
    <message>
        <source>Ordinary tasks wait above</source>
        <translation>Normale Aufgaben warten ab</translation>
    </message>
    <message>
        <source>Urgent tasks never wait for a busy machine</source>
        <translation>Dringende Aufgaben warten nie auf einen ausgelasteten Rechner</translation>
    </message>
    <message>
        <source>Background tasks wait above</source>
        <translation>Hintergrundaufgaben warten ab</translation>
    </message>
    <message>
        <source>The mark of ordinary tasks holds for them too</source>
        <translation>Die Marke für normale Aufgaben gilt auch für sie</translation>
    </message>
    <message>
        <source>Watch the disk</source>
        <translation>Datenträger beobachten</translation>
    </message>
    <message>
        <source>How much of the time the busiest disk has work, ours and that of other programs</source>
        <translation>Wie viel der Zeit der am stärksten belastete Datenträger arbeitet, für uns und für andere Programme</translation>
    </message>
    <message>
        <source>Watch the memory</source>
        <translation>Arbeitsspeicher beobachten</translation>
    </message>
    <message>
        <source>How far its use has gone from 70 % to all of it</source>
        <translation>Wie weit seine Belegung von 70 % bis ganz voll gegangen ist</translation>
    </message>
    <message>
        <source>Watch other programs</source>
        <translation>Andere Programme beobachten</translation>
    </message>
    <message>
        <source>How much of the processor they use; what Tidemill itself uses never counts</source>
        <translation>Wie viel Prozessorzeit sie brauchen; was Tidemill selbst braucht, zählt nie</translation>
    </message>
    <message>
        <source>Wait while on battery</source>
        <translation>Im Akkubetrieb warten</translation>
    </message>
    <message>
        <source>What runs goes on; urgent tasks start</source>
        <translation>Was läuft, geht weiter; dringende Aufgaben starten</translation>
    </message>
    <message>
        <source>Wait on a metered network</source>
        <translation>Bei getaktetem Netzwerk warten</translation>
    </message>
    <message>
        <source>Wait in quiet hours</source>
        <translation>In Ruhezeiten warten</translation>
    </message>
    <message>
        <source>Each day between the two times below</source>
        <translation>Jeden Tag zwischen den beiden folgenden Zeiten</translation>
    </message>
    <message>
        <source>Quiet from</source>
        <translation>Ruhe ab</translation>
    </message>
    <message>
        <source>Quiet until</source>
        <translation>Ruhe bis</translation>
    </message>
    <message>
        <source>Earlier than the other: of the next day</source>
        <translation>Früher als die andere: am nächsten Tag</translation>
    </message>
    <message>
        <source>Disabled plugins</source>
        <translation>Ausgeschaltete Plugins</translation>
    </message>
    <message>
        <source>Names of plugins that are never imported</source>
        <translation>Namen von Plugins, die nie importiert werden</translation>
    </message>
    <message>
        <source>What the log tells</source>
        <translation>Was im Protokoll steht</translation>
    </message>
    <message>
        <source>Debug tells most, error least</source>
        <translation>„Alles“ am meisten, „Was fehlschlug“ am wenigsten</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>What happens</source>
        <translation>Was geschieht</translation>
    </message>
    <message>
        <source>What is odd</source>
        <translation>Was auffällt</translation>
    </message>
    <message>
        <source>What failed</source>
        <translation>Was fehlschlug</translation>
    </message>
    <message>
        <source>Keep the history</source>
        <translation>Verlauf aufbewahren</translation>
    </message>
    <message>
        <source>What ended longer ago is removed; failures that want attention too</source>
        <translation>Was früher endete, wird entfernt; auch Fehler, die noch offen sind</translation>
    </message>
    <message>
        <source>for ever</source>
        <translation>unbegrenzt</translation>
    </message>
    <message>
        <source> days</source>
        <translation> Tage</translation>
    </message>
    <message>
        <source>Most tasks in the history</source>
        <translation>Aufgaben im Verlauf höchstens</translation>
    </message>
    <message>
        <source>The oldest are removed</source>
        <translation>Die ältesten werden entfernt</translation>
    </message>
    <message>
        <source>Who waits long grows more urgent</source>
        <translation>Wer lange wartet, wird dringender</translation>
    </message>
    <message>
        <source>By a step a minute after five minutes, at most to urgent</source>
        <translation>Nach fünf Minuten um eine Stufe je Minute, höchstens bis dringend</translation>
    </message>
    <message>
        <source>Write to the disk</source>
        <translation>Auf den Datenträger schreiben</translation>
    </message>
    <message>
        <source>At each change is slower, and survives a power cut to the last task</source>
        <translation>„Bei jeder Änderung“ ist langsamer und übersteht einen Stromausfall bis zur letzten Aufgabe</translation>
    </message>
    <message>
        <source>Now and then</source>
        <translation>Ab und zu</translation>
    </message>
    <message>
        <source>At each change</source>
        <translation>Bei jeder Änderung</translation>
    </message>
    <message>
        <source>on</source>
        <translation>ein</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen…</translation>
    </message>
    <message>
        <source>Choose a folder: {0}</source>
        <translation>Ordner wählen: {0}</translation>
    </message>
    <message>
        <source>Set it in settings.toml</source>
        <translation>In settings.toml einstellbar</translation>
    </message>
    <message>
        <source>The stored secret is not used: {0}</source>
        <translation>Das gespeicherte Geheimnis wird nicht verwendet: {0}</translation>
    </message>
    <message>
        <source>The stored value {0} is not used: {1}</source>
        <translation>Der gespeicherte Wert {0} gilt nicht: {1}</translation>
    </message>
</context>
<context>
    <name>states</name>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>Waits for its parts</source>
        <translation>Wartet auf Teilaufgaben</translation>
    </message>
    <message>
        <source>Waits for others</source>
        <translation>Wartet auf andere</translation>
    </message>
    <message>
        <source>Completed</source>
        <translation>Abgeschlossen</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>Superseded</source>
        <translation>Ersetzt</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>Abgelaufen</translation>
    </message>
    <message>
        <source>Dependency failed</source>
        <translation>Voraussetzung fehlgeschlagen</translation>
    </message>
    <message>
        <source>Failed for good</source>
        <translation>Endgültig fehlgeschlagen</translation>
    </message>
    <message>
        <source>Waits for another task</source>
        <translation>Wartet auf eine andere Aufgabe</translation>
    </message>
    <message>
        <source>Waits for {0} tasks</source>
        <translation>Wartet auf {0} Aufgaben</translation>
    </message>
    <message>
        <source>Tries again {0}</source>
        <translation>Neuer Versuch {0}</translation>
    </message>
    <message>
        <source>Starts {0}</source>
        <translation>Startet {0}</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>Normal</translation>
    </message>
    <message>
        <source>Realtime</source>
        <translation>Echtzeit</translation>
    </message>
    <message>
        <source>High</source>
        <translation>Hoch</translation>
    </message>
    <message>
        <source>Background</source>
        <translation>Hintergrund</translation>
    </message>
    <message>
        <source>Idle</source>
        <translation>Leerlauf</translation>
    </message>
</context>
<context>
    <name>undo</name>
    <message>
        <source>Cancelled 1 task</source>
        <translation>1 Aufgabe abgebrochen</translation>
    </message>
    <message>
        <source>Cancelled {0} tasks</source>
        <translation>{0} Aufgaben abgebrochen</translation>
    </message>
    <message>
        <source>Cleared 1 failure</source>
        <translation>1 Fehler entfernt</translation>
    </message>
    <message>
        <source>Cleared {0} failures</source>
        <translation>{0} Fehler entfernt</translation>
    </message>
    <message>
        <source>Changed the priority of 1 task</source>
        <translation>Priorität von 1 Aufgabe geändert</translation>
    </message>
    <message>
        <source>Changed the priority of {0} tasks</source>
        <translation>Priorität von {0} Aufgaben geändert</translation>
    </message>
    <message>
        <source>Trying again: 1 task</source>
        <translation>Neuer Versuch: 1 Aufgabe</translation>
    </message>
    <message>
        <source>Trying again: {0} tasks</source>
        <translation>Neuer Versuch: {0} Aufgaben</translation>
    </message>
    <message>
        <source>{0} of {1} tasks are back; {2} had been done anew</source>
        <translation>{0} von {1} Aufgaben sind wieder da; {2} waren schon neu erledigt</translation>
    </message>
    <message>
        <source>{0} of {1} failures are listed again; {2} have been tried again</source>
        <translation>{0} von {1} Fehlern stehen wieder da; {2} wurden schon wiederholt</translation>
    </message>
    <message>
        <source>{0} of {1} priorities are as before; {2} had started or were changed again</source>
        <translation>{0} von {1} Prioritäten sind wie zuvor; {2} liefen schon oder wurden erneut geändert</translation>
    </message>
    <message>
        <source>Taken back {0} of {1}; {2} had started</source>
        <translation>Rückgängig gemacht: {0} von {1}; {2} liefen schon</translation>
    </message>
    <message>
        <source>Undone: 1 task is back</source>
        <translation>Rückgängig gemacht: 1 Aufgabe ist wieder da</translation>
    </message>
    <message>
        <source>Undone: {0} tasks are back</source>
        <translation>Rückgängig gemacht: {0} Aufgaben sind wieder da</translation>
    </message>
    <message>
        <source>Undone: 1 failure is listed again</source>
        <translation>Rückgängig gemacht: 1 Fehler steht wieder da</translation>
    </message>
    <message>
        <source>Undone: {0} failures are listed again</source>
        <translation>Rückgängig gemacht: {0} Fehler stehen wieder da</translation>
    </message>
    <message>
        <source>Undone: 1 priority is as before</source>
        <translation>Rückgängig gemacht: 1 Priorität ist wie zuvor</translation>
    </message>
    <message>
        <source>Undone: {0} priorities are as before</source>
        <translation>Rückgängig gemacht: {0} Prioritäten sind wie zuvor</translation>
    </message>
    <message>
        <source>Taken back: 1 task</source>
        <translation>Rückgängig gemacht: 1 Aufgabe</translation>
    </message>
    <message>
        <source>Taken back: {0} tasks</source>
        <translation>Rückgängig gemacht: {0} Aufgaben</translation>
    </message>
    <message>
        <source>It is too late: it was done anew</source>
        <translation>Zu spät: Sie ist schon neu erledigt</translation>
    </message>
    <message>
        <source>It is too late: all {0} were done anew</source>
        <translation>Zu spät: Alle {0} sind schon neu erledigt</translation>
    </message>
    <message>
        <source>It is too late: it was tried again</source>
        <translation>Zu spät: Er wurde schon wiederholt</translation>
    </message>
    <message>
        <source>It is too late: all {0} were tried again</source>
        <translation>Zu spät: Alle {0} wurden schon wiederholt</translation>
    </message>
    <message>
        <source>It is too late: it had started or was changed again</source>
        <translation>Zu spät: Sie lief schon oder wurde erneut geändert</translation>
    </message>
    <message>
        <source>It is too late: all {0} had started or were changed again</source>
        <translation>Zu spät: Alle {0} liefen schon oder wurden erneut geändert</translation>
    </message>
    <message>
        <source>It is too late: it had started</source>
        <translation>Zu spät: Sie lief schon</translation>
    </message>
    <message>
        <source>It is too late: all {0} had started</source>
        <translation>Zu spät: Alle {0} liefen schon</translation>
    </message>
</context>
<context>
    <name>wording</name>
    <message>
        <source>{0} ms</source>
        <translation>{0} ms</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} s</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} min</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} h {1} min</translation>
    </message>
    <message>
        <source>{0} d {1} h</source>
        <translation>{0} T. {1} h</translation>
    </message>
    <message>
        <source>yesterday {0}</source>
        <translation>gestern {0}</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <translation>d. MMM yyyy</translation>
    </message>
    <message>
        <source>d MMM</source>
        <translation>d. MMM</translation>
    </message>
    <message>
        <source>any moment</source>
        <translation>jeden Moment</translation>
    </message>
    <message>
        <source>in {0} s</source>
        <translation>in {0} s</translation>
    </message>
    <message>
        <source>in {0} min</source>
        <translation>in {0} min</translation>
    </message>
    <message>
        <source>about {0}</source>
        <translation>etwa {0}</translation>
    </message>
</context>
</TS>
