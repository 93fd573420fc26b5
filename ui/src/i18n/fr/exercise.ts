export const exercise = {
  exercise: {
    title: 'Consultation d\'exercice',
    chip: 'Exercice',
    lead: 'Trois minutes de consultation inventée, avec le son : relisez la note, levez les doutes, validez, exportez. Aucun patient, aucun compte.',
    start: 'Faire un exercice',
    starting: 'Préparation de l\'exercice…',
    again: 'Recommencer l\'exercice',
    resume: 'Reprendre l\'exercice',
    under: 'Un exercice est en cours. Il est à part : ni recherche, ni décompte, ni courbe ne le montrent.',
    band: 'Exercice : ce patient est inventé. Chaque document le dit, et rien ne compte parmi vos consultations.',
    erase: 'Effacer l\'exercice',
    erased: 'L\'exercice est effacé.',
  },
};
